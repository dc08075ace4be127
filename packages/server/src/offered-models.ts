import { AnyturnError, openModel } from '@anyturn/core';
import type { Agent, RunOptions } from '@anyturn/runtime';

/** A model as `run()` takes it: a reference, a preset, an opened model. */
export type ModelChoice = NonNullable<RunOptions['model']>;

/** One model that requests may name, as `GET /api/models` shows it. */
export interface OfferedModel {
  /** What goes into the `model` of a request. */
  name: string;
  provider?: string;
  model?: string;
  /** True for the offline demo model, which is a set of rules and no language model. */
  demo: boolean;
  /** Why the model cannot be used now, for example a missing key. */
  unavailable?: string;
}

/** The models that the server was started with. No other can be asked for. */
export interface OfferedModels {
  /** The names an agent answers to; its own model comes first. */
  names(agent: Agent): string[];
  /**
   * The model of that name; undefined for the agent's own.
   *
   * @throws {AnyturnError} code `model_not_found` for other names, `config` when its key is missing.
   */
  find(name: string, agent: Agent): ModelChoice | undefined;
  describe(agent: Agent): OfferedModel[];
}

export function offerModels(models: Readonly<Record<string, ModelChoice>> = {}): OfferedModels {
  const choices = new Map(Object.entries(models));
  const opened = new Map<string, OpenedModel>();

  // Opened on first use: one missing key must not keep the other models from being served.
  const open = (name: string, choice: ModelChoice): OpenedModel => {
    const model = opened.get(name) ?? openChoice(choice);
    opened.set(name, model);
    return model;
  };

  const names = (agent: Agent): string[] => [...new Set([ownName(agent), ...choices.keys()])];

  return {
    names,
    find(name, agent) {
      if (name === ownName(agent)) return undefined;
      const choice = choices.get(name);
      if (choice) return open(name, choice);
      throw new AnyturnError({
        code: 'model_not_found',
        message: `This server does not offer that model. It offers: ${names(agent).join(', ')}.`,
      });
    },
    describe(agent) {
      return names(agent).map((name): OfferedModel => {
        const choice = choices.get(name);
        if (!choice || name === ownName(agent)) return describe(name, agent);
        try {
          return describe(name, open(name, choice));
        } catch (error) {
          if (!AnyturnError.isInstance(error)) throw error;
          return { name, demo: false, unavailable: error.message };
        }
      });
    },
  };
}

/** True for the rules of the offline demo model. */
export function isDemoModel(modelId: string): boolean {
  return modelId.startsWith('demo-rules-');
}

type OpenedModel = Extract<ModelChoice, { modelId: string }>;

function ownName(agent: Agent): string {
  return `${agent.provider}/${agent.modelId}`;
}

function describe(name: string, model: { provider: string; modelId: string }): OfferedModel {
  const { provider, modelId } = model;
  return { name, provider, model: modelId, demo: isDemoModel(modelId) };
}

function openChoice(choice: ModelChoice): OpenedModel {
  return isOpened(choice) ? choice : openModel(choice);
}

function isOpened(choice: ModelChoice): choice is OpenedModel {
  return typeof choice === 'object' && 'specificationVersion' in choice;
}
