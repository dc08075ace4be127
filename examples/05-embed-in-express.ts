// An agent inside an Express app that is already there, under a prefix of its own.
// Run it with a key of any vendor, then ask it:
//   MOONSHOT_API_KEY=… node --conditions=@anyturn/source examples/05-embed-in-express.ts
//   curl -N localhost:3000/assistant/api/stream --json '{ "prompt": "How far is 26.2 miles in km?" }'

import { calculator, chooseModel, weather } from '@anyturn/core';
import { createAgent } from '@anyturn/runtime';
import { createAgentRouter } from '@anyturn/server';
import express from 'express';

const { model } = await chooseModel();
const assistant = createAgent({ model, tools: { weather, calculator } });

const app = express();
// Before any body parser: it brings its own, with its own limit and errors that are JSON.
// Your own checks go before it, as for any router. A client that leaves ends its run.
app.use('/assistant', createAgentRouter({ agents: { assistant } }));

app.use(express.json());
app.get('/', (_req, res) => {
  res.send('The shop is open.');
});

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', (error) => {
  if (error) throw error;
  console.log('Listening on', server.address());
});
