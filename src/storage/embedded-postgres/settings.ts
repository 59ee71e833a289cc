import { serverName } from './previous-server.ts';

/** PostgreSQL's settings; fsync and synchronous_commit keep their default, on: a commit survives a power cut. */
export function serverSettings(socketDirectory: string): Record<string, string> {
  return {
    listen_addresses: '',
    port: '5432',
    unix_socket_directories: `"${socketDirectory}"`,
    unix_socket_permissions: '0700',
    cluster_name: serverName(process.pid),

    max_connections: '100',
    shared_buffers: '256MB',
    // Ingest is many small commits: fewer checkpoints, and so fewer page images after them. (This build could
    // compress those only with pglz, whose cost in CPU tripled the time of a CREATE DATABASE.)
    checkpoint_timeout: '15min',
    max_wal_size: '2GB',
    log_checkpoints: 'off',
    // No replicas here, so less to write.
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_logical_replication_workers: '0',
    // Three processes fewer; what we read is mostly in memory.
    io_method: 'sync',
  };
}
