import { NoSignInError } from '../collect/attempt.ts';

/** Asks Azure; without a login it says how to get one, or `instead` of it which command needs none. */
export async function signedIn<T>(instead: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof NoSignInError)) throw error;
    throw new Error(`not signed in to Azure: run "az login" first, or try "${instead}"`);
  }
}
