/** The public key that fixes the extension's id in Chrome, whatever folder it is loaded from (`key` of the manifest). */
export const EXTENSION_KEY =
  "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwQoUsV5+IZg+BzJVBW91acupX38HO58cDjL5d3FGTcRWAAhj3KLT4pSTaUJtD5Rsb6/Lr6iUjndNKbTez2qh3Zb9rCtOb+J4qm1kK5I3AKnULmBSustztx8317f4S+AP4TEe+l0OGo4qKfd/64Y/ddfkH2fVNp/nBxnXlnf89grtyuP595ajXqAGnkM/OHegla9Buvi1gARJjlFFHiGNgOv0aECAePY4Yq72Taud+jJPxEE3QV2/o2OxdTljzMjIdi/TEXUbwxE684oRQi8lPsa9IvHTg5VxKFKg/RV+3CvR1tMlUConAjQif1a6rgxjGvEynqrNb0xOlAGBLd5nDQIDAQAB";

/** The id that Chrome derives from the key: the first 32 hex digits of its SHA-256, 0-f written as a-p. */
export const EXTENSION_ID = "eoanekcimeicmpjohbgmkbeeoabjjjdk";
