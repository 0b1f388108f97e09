/** How long work tells its progress: which step it is in and, optionally, how far that step has come. */
export type Report = (step: string, detail?: string) => void
