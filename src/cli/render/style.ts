/** The report's look; it prints as it shows, and follows the reader's light or dark mode. */
export const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 1100px; padding: 1.5rem; }
h1 { font-size: 1.6rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
.counts { display: flex; flex-wrap: wrap; gap: .75rem; list-style: none; margin: 1rem 0; padding: 0; }
.counts li { border-left: 4px solid var(--line); padding: .1rem .75rem; }
.counts b { display: block; font-size: 1.5rem; line-height: 1.2; }
.counts .critical { border-color: #b10e1e; } .counts .high { border-color: #d4351c; }
.counts .medium { border-color: #c98a00; } .counts .low { border-color: #1d70b8; } .counts .info { border-color: #777; }
.table { overflow-x: auto; }
table { border-collapse: collapse; min-width: 42rem; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .5rem .75rem .5rem 0; text-align: left; vertical-align: top; }
th { font-size: .85rem; }
code { background: var(--soft); border-radius: 3px; font-size: .85em; overflow-wrap: anywhere; padding: .1em .3em; }
small { opacity: .75; }
td { overflow-wrap: anywhere; }
li { overflow-wrap: anywhere; }
.status { overflow-wrap: normal; }
.badge { border-radius: 3px; color: #fff; font-size: .8rem; padding: .1em .5em; white-space: nowrap; }
.badge.critical { background: #8f0b18; } .badge.high { background: #c22d17; } .badge.medium { background: #8a5a00; }
.badge.low { background: #1d5f9c; } .badge.info { background: #555; }
.gaps { border-left: 4px solid #c98a00; padding-left: 1rem; }
tr { break-inside: avoid; }
`;
