import type { Agent } from '@anyturn/runtime';
import type { RequestHandler } from 'express';
import type { OfferedModels } from '../offered-models.ts';

export interface ModelsRouteOptions {
  agents: ReadonlyMap<string, Agent>;
  defaultAgent: string;
  models: OfferedModels;
}

/** `GET /api/models`: the agents and models that a request may name, and what answers when it names none. */
export function getModels(options: ModelsRouteOptions): RequestHandler {
  const { agents, defaultAgent, models } = options;
  return (_req, res) => {
    const agentList = [...agents].map(([id, agent]) => ({
      id,
      tools: Object.keys(agent.tools),
      models: models.describe(agent),
    }));
    res.set('cache-control', 'no-store').json({ defaultAgent, agents: agentList });
  };
}
