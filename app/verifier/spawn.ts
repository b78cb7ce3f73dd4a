import VerifierThread from '../../worker/index.ts?worker';

/** Starts the verifier's thread. */
export function spawnVerifier(): Worker {
  return new VerifierThread({ name: 'verifier' });
}
