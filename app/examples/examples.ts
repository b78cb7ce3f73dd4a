/** A program that comes with the page: a row of `examples/index.json`. */
export interface Example {
  readonly id: string;
  readonly title: string;
  /** What it shows. */
  readonly sentence: string;
  /** Heading it stands under. */
  readonly group: string;
  /** File beside the index. */
  readonly file: string;
}

const FOLDER = 'examples/';

async function fetchText(path: string): Promise<string> {
  const response = await fetch(new URL(path, document.baseURI));
  if (!response.ok)
    throw new Error(`${path} could not be loaded (${response.status} ${response.statusText})`);
  return response.text();
}

function isExample(row: unknown): row is Example {
  if (typeof row !== 'object' || row === null) return false;
  const { id, title, sentence, group, file } = row as Record<string, unknown>;
  return [id, title, sentence, group, file].every((field) => typeof field === 'string');
}

/** The index of all examples, in the order to show them. Throws if it cannot be loaded. */
export async function loadExamples(): Promise<readonly Example[]> {
  const rows: unknown = JSON.parse(await fetchText(`${FOLDER}index.json`));
  if (!Array.isArray(rows) || !rows.every(isExample))
    throw new Error('examples/index.json is not a list of examples');
  return rows;
}

/** An example's text. Throws if it cannot be loaded. */
export function loadExample(example: Example): Promise<string> {
  return fetchText(FOLDER + example.file);
}
