import { crc32, deflateRawSync } from 'node:zlib';

/** A file in an archive: its path with forward slashes, and what is in it. */
export type ZipEntry = { path: string; content: Uint8Array };

// 1980-01-01 00:00, the first moment a ZIP can name: the same files make the same archive on any day.
const dosTime = 0;
const dosDate = (1 << 5) | 1;
const utf8Names = 0x0800;
const deflated = 8;
const regularFile = (0o100644 << 16) >>> 0;
const madeByUnix = (3 << 8) | 20;

/** The fields that a local header and a central entry share (APPNOTE 4.4.3 to 4.4.11). */
function sharedFields(name: Uint8Array, content: Uint8Array, packed: Uint8Array): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(utf8Names, 2);
  fields.writeUInt16LE(deflated, 4);
  fields.writeUInt16LE(dosTime, 6);
  fields.writeUInt16LE(dosDate, 8);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(content.length, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** A ZIP archive of some files, sorted by path. Its size must stay under 4 GiB and 65,535 files: no ZIP64. */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const local: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let offset = 0;
  const sorted = entries.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  for (const { path, content } of sorted) {
    const name = Buffer.from(path);
    const packed = deflateRawSync(content, { level: 9 });
    const fields = sharedFields(name, content, packed);
    const header = Buffer.concat([signature(0x04034b50), fields, name, packed]);
    const attributes = Buffer.alloc(14);
    attributes.writeUInt32LE(regularFile, 6);
    attributes.writeUInt32LE(offset, 10);
    const version = Buffer.alloc(2);
    version.writeUInt16LE(madeByUnix);
    local.push(header);
    central.push(signature(0x02014b50), version, fields, attributes, name);
    offset += header.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(sorted.length, 4);
  end.writeUInt16LE(sorted.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...local, directory, signature(0x06054b50), end]);
}
