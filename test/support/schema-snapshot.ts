import type pg from 'pg'

interface RelationRow {
  readonly oid: number
  readonly name: string
  readonly kind: 'r' | 'v' | 'S' | 'm' | 'p' | 'f'
  readonly options: string[] | null
  readonly definition: string | null
}

const KINDS: Readonly<Record<RelationRow['kind'], string>> = {
  r: 'table',
  v: 'view',
  S: 'sequence',
  m: 'materialized view',
  p: 'partitioned table',
  f: 'foreign table',
}

/** One line each, by relation: columns in their order, then constraints, indexes, triggers and grants by name. */
const PARTS = `
  select attrelid as oid, 1 as part, attnum as place, format('%I %s', attname, format_type(atttypid, atttypmod))
         || case when attnotnull then ' not null' else '' end
         || case when attidentity <> '' then ' identity' when attgenerated <> '' then ' generated' else '' end
         || coalesce(' default ' || pg_get_expr(adbin, adrelid), '') as line
    from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
   where attnum > 0 and not attisdropped
  union all
  select conrelid, 2, 0, format('constraint %I %s', conname, pg_get_constraintdef(oid))
    from pg_constraint where contype <> 'n'
  union all
  select indrelid, 3, 0, pg_get_indexdef(indexrelid)
    from pg_index where not exists (select from pg_constraint where conindid = indexrelid and contype in ('p', 'u', 'x'))
  union all
  select tgrelid, 4, 0, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
  union all
  select c.oid, 5, 0, format('grant to %s: %s', a.grantee::regrole, string_agg(lower(a.privilege_type), ', ' order by a.privilege_type))
    from pg_class c, aclexplode(c.relacl) a where a.grantee <> c.relowner group by c.oid, a.grantee
  union all
  select attrelid, 6, 0, format('grant to %s on column %I: %s', a.grantee::regrole, attname, lower(a.privilege_type))
    from pg_attribute, aclexplode(attacl) a`

/** A schema as text that differs exactly when the schema does; its own name is written `schema`. */
async function describeSchema(client: pg.Client, schema: string): Promise<string> {
  const relations = await client.query<RelationRow>(
    `select oid::int, relname as name, relkind as kind, reloptions as options,
        case when relkind = 'v' then pg_get_viewdef(oid, true) end as definition
       from pg_class where relnamespace = $1::regnamespace and relkind in ('r', 'v', 'S', 'm', 'p', 'f') order by relname`,
    [schema],
  )
  const parts = await client.query<{ oid: number; line: string }>(
    `select p.oid::int, p.line from (${PARTS}) p join pg_class c on c.oid = p.oid
      where c.relnamespace = $1::regnamespace order by p.oid, p.part, p.place, p.line`,
    [schema],
  )
  const functions = await client.query<{ line: string }>(
    'select pg_get_functiondef(oid) as line from pg_proc where pronamespace = $1::regnamespace order by 1',
    [schema],
  )
  const described = relations.rows.map(({ oid, name, kind, options, definition }) => {
    const heading = [KINDS[kind], name, ...(options ? [`with (${options.join(', ')})`] : [])].join(' ')
    const lines = parts.rows.filter((part) => part.oid === oid).map((part) => `  ${part.line}`)
    return [heading, ...lines, ...(definition ? [definition.trimEnd()] : [])].join('\n')
  })
  return [...described, ...functions.rows.map((row) => row.line)]
    .join('\n\n')
    .replaceAll(new RegExp(`\\b${schema}\\.`, 'g'), '')
}

/** The shared schema, and that of one brand, as the migrations make them. */
export async function schemaSnapshot(client: pg.Client, brand: string): Promise<string> {
  return [
    'What the migrations make: compared by a test, written again by UPDATE_SNAPSHOT=1.',
    '= platform =',
    await describeSchema(client, 'platform'),
    '= each brand =',
    await describeSchema(client, brand),
    '',
  ].join('\n\n')
}
