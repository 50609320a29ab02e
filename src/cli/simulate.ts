import { Command, InvalidArgumentError } from 'commander';
import { notEmpty } from './notEmpty.ts';

interface SimulateFlags {
  estate: string;
  port?: number;
  tls: boolean;
  latency: number;
  faults?: string;
}

export function simulateCommand(): Command {
  return new Command('simulate')
    .option('--estate <name|file>', 'the estate', notEmpty, 'guide')
    .option('--port <number>', 'where to listen; without it a free port', (text) => numberOf(text, 65_535))
    .option('--tls', 'HTTPS with a certificate made for the occasion, for other programs', false)
    .option('--latency <ms>', 'before every answer', (text) => numberOf(text, 600_000), 0)
    .option('--faults <spec>', 'what goes wrong, see simulator/README.md', notEmpty)
    .action(simulate);
}

async function simulate({ estate, port, tls, latency, faults }: SimulateFlags): Promise<void> {
  const { createSimulator, listen, loadEstate, parseFaults, SIMULATED_DCR } = await import('../../simulator/index.ts');
  const simulator = createSimulator({
    estate: loadEstate(estate),
    latencyMs: latency,
    ...(faults && { faults: parseFaults(faults) }),
  });
  const server = await listen(simulator, { tls, ...(port !== undefined && { port }) });
  process.stdout.write(
    `${[
      `SIMULATOR_URL=${server.url}`,
      `IDENTITY_ENDPOINT=${server.url}/msi/token`,
      'IDENTITY_HEADER=simulated',
      `DCR_ENDPOINT=${SIMULATED_DCR.endpoint}`,
      `DCR_RULE_ID=${SIMULATED_DCR.ruleId}`,
    ].join('\n')}\n`,
  );
  if (server.caPem) process.stdout.write(server.caPem);
  process.stderr.write(
    `Estate ${estate} as of ${simulator.now().toISOString()}; set all of these variables in the shell in which you sweep it. Ctrl+C ends it.\n`,
  );
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await server.close();
}

function numberOf(text: string, most: number): number {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isInteger(number) || number < 0 || number > most) {
    throw new InvalidArgumentError(`It must be a whole number from 0 to ${most}.`);
  }
  return number;
}
