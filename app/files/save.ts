/** Puts text on the clipboard; false where the browser does not allow it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Hands a file to the person. */
export function saveFile(content: Blob | string, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(
    typeof content === 'string' ? new Blob([content], { type: 'text/plain' }) : content,
  );
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** `Kfunc under a lock` as a file's name: `kfunc-under-a-lock`. */
export function fileName(title: string): string {
  const name = title
    .replace(/\.\w{1,5}$/, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return name === '' ? 'program' : name.slice(0, 60);
}
