// SPDX-License-Identifier: Apache-2.0
// node peers.mjs graphile|boss drain COUNT | late COUNT SECONDS: what a user would take instead, at its
// best settings, on the database of PG* and PGUSER. Jobs that do nothing and record nothing; one JSON
// object on standard output. NODE_MODULES names the folder that holds node_modules.
import { createRequire } from 'node:module';

const require = createRequire(process.env.NODE_MODULES + '/');
const { Pool } = require('pg');
const [system, task, countText, secondsText] = process.argv.slice(2);
const count = Number(countText);
const seconds = Number(secondsText ?? 0);
const chunk = 10000;
const connection = {
  host: process.env.PGHOST, user: process.env.PGUSER, database: process.env.PGDATABASE,
};

function makePool() {
  const pool = new Pool({ ...connection, max: 30 });
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/// The same payload as the rows of drain_bench's limit.
const payload = (number) => ({
  template: 'caseworker_note', lang: 'fr', name: `Citizen ${number}`, ref: `REF-${number}`,
  place: 'Mairie de Lorient, 2 boulevard Leclerc', rule: 'fr.identity.cni_majeur',
  tz: 'Europe/Paris', try: 0,
});

async function graphile() {
  const { run, makeWorkerUtils, Logger } = require('graphile-worker');
  const logger = new Logger(() => () => {});
  const utils = await makeWorkerUtils({ pgPool: makePool(), logger });
  await utils.migrate();
  return {
    add: (jobs) => utils.addJobs(
      jobs.map(({ at, data }) => ({ identifier: 'noop', payload: data, runAt: at }))),
    /// 24 jobs at once out of a local queue of 500, completions in batches.
    work: async (onJob) => {
      const runner = await run({
        pgPool: makePool(), noHandleSignals: true, logger,
        preset: { worker: {
          concurrentJobs: 24, pollInterval: task === 'late' ? 200 : 2000, localQueue: { size: 500 },
          completeJobBatchDelay: 0, failJobBatchDelay: 0,
        } },
        taskList: { noop: onJob },
      });
      return () => runner.stop();
    },
  };
}

async function boss() {
  const PgBoss = require('pg-boss');
  const boss = new PgBoss({ ...connection, max: 20 });
  boss.on('error', (error) => console.error(String(error)));
  await boss.start();
  await boss.createQueue('noop');
  return {
    add: (jobs) => boss.insert(
      jobs.map(({ at, data }) => ({ name: 'noop', data, startAfter: at }))),
    /// fetch and complete by hand, 1000 at a time in four loops, is its fastest way to drain; its
    /// workers at the shortest polling it allows are its most punctual.
    work: async (onJob, isDone) => {
      if (task === 'drain') {
        const loop = async () => {
          while (!isDone()) {
            const jobs = await boss.fetch('noop', { batchSize: 1000 });
            if (jobs.length === 0) return;
            await boss.complete('noop', jobs.map((job) => job.id));
            for (const job of jobs) onJob(job.data);
          }
        };
        for (let i = 0; i < 4; i++) loop();
      } else {
        for (let i = 0; i < 4; i++) {
          await boss.work('noop', { batchSize: 1000, pollingIntervalSeconds: 0.5 },
            async (jobs) => { for (const job of jobs) onJob(job.data); });
        }
      }
      return () => boss.stop({ graceful: false, wait: false });
    },
  };
}

async function enqueue(peer, when) {
  for (let start = 0; start < count; start += chunk) {
    const jobs = [];
    for (let i = start; i < Math.min(count, start + chunk); i++) {
      const at = when(i);
      jobs.push({ at, data: { ...payload(i), due: at.getTime() } });
    }
    await peer.add(jobs);
  }
}

const peer = await (system === 'graphile' ? graphile() : boss());
const first = task === 'late' ? Date.now() + 4000 : Date.now() - 60000;
await enqueue(peer, () => new Date(first + Math.floor(Math.random() * seconds * 1000)));
// The caller checkpoints, notes the CPU that PostgreSQL has used, and answers.
process.stdout.write('filled\n');
await new Promise((resolve) => process.stdin.once('data', resolve));
process.stdin.pause();

const lateness = [];
let done = 0;
let finished;
const all = new Promise((resolve) => { finished = resolve; });
const cpuBefore = process.cpuUsage();
const begin = performance.now();
const stop = await peer.work((data) => {
  if (task === 'late') lateness.push(Date.now() - data.due);
  if (++done === count) finished();
}, () => done >= count);
await all;
const taken = (performance.now() - begin) / 1000;
const cpu = process.cpuUsage(cpuBefore);
await stop();
lateness.sort((a, b) => a - b);
const quantile = (share) => lateness[Math.min(lateness.length - 1, Math.floor(lateness.length * share))];
console.log(JSON.stringify({
  seconds: taken, cpu: (cpu.user + cpu.system) / 1e6,
  p50: quantile(0.5), p99: quantile(0.99), max: quantile(1),
}));
process.exit(0);
