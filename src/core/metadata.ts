/** A small JSON object of the caller's own, kept and given back unchanged. */
export type Metadata = { readonly [name: string]: unknown }

export const METADATA_BYTES_MAX = 1023 // contract: method/conventions §12, "less than 1 KB"

/** True when the metadata does not fit, as compact UTF-8 JSON. */
export function isMetadataTooLarge(metadata: Metadata | null): boolean {
  return metadata !== null && Buffer.byteLength(JSON.stringify(metadata)) > METADATA_BYTES_MAX
}
