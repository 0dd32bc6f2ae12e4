/** Snapshots, as the front doors reach them. */
export * from '../exec/snapshot.ts';
