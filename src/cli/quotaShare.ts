import { InvalidArgumentError, Option } from 'commander';

/** A person's quota serves their other tools too. */
export const PERSONAL_SHARE = 0.5;

/** The option of every command that reads much of Azure. A simulated estate has no other tools. */
export function quotaShareOption(): Option {
  return new Option('--quota-share <share>', "how much of Azure's quotas for your login is used, as in 80% or 0.8")
    .argParser(quotaShareOf)
    .default(PERSONAL_SHARE, '50%')
    .conflicts('simulator');
}

/** Reads a part of a whole, as a number or in percent. */
export function quotaShareOf(text: string): number {
  const [, digits, percent] = /^(\d*\.?\d+)(%?)$/.exec(text) ?? [];
  const share = Number(digits) / (percent ? 100 : 1);
  if (share > 0 && share <= 1) return share;
  throw new InvalidArgumentError('It must be more than 0 and at most 1, as in 0.8 or 80%.');
}
