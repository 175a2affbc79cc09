/** Property tests try the same cases on every machine; `PROPERTY_SEED=7 npm test` tries others, and replays a find. */
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 1) })
