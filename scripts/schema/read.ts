import type pg from 'pg'

/** What a migrated database holds in our schemas, in a fixed order. */
export interface Schema {
  readonly tables: readonly Table[]
  /** `create function …`, in full. */
  readonly functions: readonly string[]
}

export interface Table {
  readonly schema: string
  readonly name: string
  readonly columns: readonly Column[]
  /** `primary key (…)`, `check (…)`, named. */
  readonly constraints: readonly string[]
  readonly indexes: readonly string[]
  readonly triggers: readonly string[]
  /** `range (created_at)`, or null for a table that is not partitioned. */
  readonly partitionedBy: string | null
}

export interface Column {
  readonly name: string
  /** As PostgreSQL spells it: `text[]`, `timestamp with time zone`. */
  readonly type: string
  /** How its texts are compared, when not as the database compares by itself. */
  readonly collation: string | null
  readonly isNullable: boolean
  readonly default: string | null
  /** Computed by the database; nobody may write it. */
  readonly isComputed: boolean
}

const SCHEMAS = ['public', 'world']
// Migration book-keeping is Kysely's, and a partition is part of its table.
const OURS = `
  namespace.nspname = any($1) and class.relkind in ('r', 'p') and not class.relispartition
  and class.relname not like 'schema_migrations%'`

export async function readSchema(client: pg.Client): Promise<Schema> {
  const { rows } = await client.query<Table>(TABLES, [SCHEMAS])
  const functions = await client.query<{ definition: string }>(FUNCTIONS, [SCHEMAS])
  return { tables: rows, functions: functions.rows.map((row) => row.definition) }
}

const COLUMNS = `
  select coalesce(json_agg(json_build_object(
    'name', attname,
    'type', format_type(atttypid, atttypmod),
    'collation', case when attcollation <> typcollation then (select collname from pg_collation where oid = attcollation) end,
    'isNullable', not attnotnull,
    'default', pg_get_expr(adbin, adrelid),
    'isComputed', attgenerated <> '' or attidentity = 'a'
  ) order by attnum), '[]')
  from pg_attribute
  join pg_type on pg_type.oid = atttypid
  left join pg_attrdef on adrelid = attrelid and adnum = attnum
  where attrelid = class.oid and attnum > 0 and not attisdropped`

// PostgreSQL 18 lists "not null" among the constraints, older ones don't; the columns say it anyway.
const CONSTRAINTS = `
  select coalesce(json_agg(format('constraint %I %s', conname, pg_get_constraintdef(oid)) order by contype = 'p' desc, conname), '[]')
  from pg_constraint
  where conrelid = class.oid and contype <> 'n' and conparentid = 0`

const INDEXES = `
  select coalesce(json_agg(pg_get_indexdef(indexrelid) order by indexrelid::regclass::text), '[]')
  from pg_index
  where indrelid = class.oid and not exists (select from pg_constraint where conindid = indexrelid and contype in ('p', 'u', 'x'))`

const TRIGGERS = `
  select coalesce(json_agg(pg_get_triggerdef(oid) order by tgname), '[]')
  from pg_trigger
  where tgrelid = class.oid and not tgisinternal`

const TABLES = `
  select
    namespace.nspname as schema, class.relname as name,
    (${COLUMNS}) as columns, (${CONSTRAINTS}) as constraints, (${INDEXES}) as indexes, (${TRIGGERS}) as triggers,
    pg_get_partkeydef(class.oid) as "partitionedBy"
  from pg_class as class
  join pg_namespace as namespace on namespace.oid = class.relnamespace
  where ${OURS}
  order by namespace.nspname, class.relname`

const FUNCTIONS = `
  select pg_get_functiondef(proc.oid) as definition
  from pg_proc as proc
  join pg_namespace as namespace on namespace.oid = proc.pronamespace
  where namespace.nspname = any($1)
    and not exists (select from pg_depend where objid = proc.oid and deptype = 'e')
  order by namespace.nspname, proc.proname, pg_get_function_identity_arguments(proc.oid)`
