import manifest from '../package.json' with { type: 'json' };

/** Of this program; written into every sweep's row. */
export const VERSION: string = manifest.version;
