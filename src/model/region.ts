/** Azure writes a region as `westeurope` or as `West Europe`. */
export function sameRegion(a: string, b: string): boolean {
  return plain(a) === plain(b);
}

function plain(region: string): string {
  return region.replaceAll(' ', '').toLowerCase();
}
