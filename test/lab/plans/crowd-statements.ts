import { type CrowdSize, SESSIONS_A_USER } from './crowd.js';

const GIVEN =
  'ada,alan,anita,barbara,ben,carla,chen,dara,dennis,edith,elif,emre,fatima,felix,grace,hana,hedy,ines,ivan,jean,jun,karen,katja,lena,linus,lotte,mara,maya,milan,nadia,niels,olga,omar,paula,priya,radia,rosa,sofia,tim,zoe';
const FAMILY =
  'abe,adams,bauer,becker,brown,chan,costa,diaz,dijkstra,evans,ferrari,fischer,garcia,gupta,hansen,hopper,ito,jansen,jones,kaya,khan,kim,klein,kumar,lamarr,lee,liskov,lopez,lovelace,martin,meyer,mori,novak,oliveira,patel,perlman,ritchie,rossi,sato,schmidt,silva,singh,smith,suzuki,tanaka,turing,wang,weber,yilmaz,zhang';
const AGENTS =
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0|Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1|Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
/** What happens, as often as it is named; `admin.` is rare. */
const TYPES = [
  ...Array(40).fill('login.succeeded'),
  ...Array(36).fill('session.revoked'),
  ...Array(14).fill('login.failed'),
  ...['user.registered', 'email.verified', 'limit.exceeded', 'step_up.succeeded', 'password.reset_mailed'],
].join();

const secret = `substr(md5(random()::text) || md5(random()::text), 1, 43)`;
const oneOf = (list: string, separator = ',') =>
  `(string_to_array('${list}', '${separator}'))[1 + floor(random() * ${list.split(separator).length})::int]`;
const address = `(floor(random() * 223) + 1) || '.' || floor(random() * 256) || '.' || floor(random() * 256) || '.7'`;
/** A UUIDv7 of the instant. */
const idOf = (at: string) =>
  `(lpad(to_hex((extract(epoch FROM ${at}) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3)
     || '8' || substr(md5(random()::text), 1, 15))::uuid`;

/** In an order in which they can be carried out. */
export function crowdStatements({ users, events, known, passwordHash, now }: CrowdSize): string[] {
  const at = `'${now.toISOString()}'::timestamptz`;
  const step = Math.floor(users / known);
  const days = (number: string) => `${at} - (${number}) * interval '1 day'`;
  const some = (share: number) => `FROM coatcheck.users WHERE random() < ${share}`;
  const number = `generate_series(1, ${users})`;
  return [
    `CREATE TEMP TABLE shuffled AS SELECT NULL::uuid AS id LIMIT 0`,
    `INSERT INTO coatcheck.users (id, email, email_verified_at, name, roles, created_at, banned_at, ban_reason)
     SELECT ${idOf('made')}, CASE WHEN is_known THEN 'user-' || lpad((n / ${step})::text, 6, '0') || '@bench.example'
              ELSE given || '.' || family || '.' || n || '@mail-' || n % 50 || '.example' END,
            CASE WHEN is_known OR chance > 0.03 THEN made END, initcap(given || ' ' || family),
            CASE WHEN n = 0 THEN '{user,admin}'::text[] ELSE '{user}' END, made,
            CASE WHEN NOT is_known AND chance BETWEEN 0.1 AND 0.105 THEN made + interval '1 hour' END,
            CASE WHEN NOT is_known AND chance BETWEEN 0.1 AND 0.105 THEN 'spam' END
       FROM (SELECT n, n % ${step} = 0 AND n / ${step} < ${known} AS is_known, ${days(`(${users} - n) * 1000.0 / ${users}`)} AS made,
                    ${oneOf(GIVEN)} AS given, ${oneOf(FAMILY)} AS family, random() AS chance
               FROM generate_series(0, ${users - 1}) n) drawn`,
    `INSERT INTO coatcheck.passwords (user_id, password_hash, changed_at) SELECT id, '${passwordHash}', created_at FROM coatcheck.users`,
    `INSERT INTO shuffled SELECT id FROM coatcheck.users ORDER BY random()`,
    ...Array.from({ length: SESSIONS_A_USER }, (_, k) => sessions(at, (SESSIONS_A_USER - 1 - k) * 6.1)),
    `INSERT INTO coatcheck.refresh_tokens (session_id, token_hash, created_at, expires_at, consumed_at)
     SELECT id, ${secret}, created_at, last_seen_at + interval '7 days', last_seen_at FROM coatcheck.sessions WHERE strategy = 'jwt'`,
    `INSERT INTO coatcheck.refresh_tokens (session_id, token_hash, created_at, expires_at)
     SELECT id, ${secret}, last_seen_at, last_seen_at + interval '7 days' FROM coatcheck.sessions WHERE strategy = 'jwt'`,
    `INSERT INTO coatcheck.known_devices (id, user_id, email_hash, secret_hash, created_at, last_seen_at, expires_at)
     SELECT gen_random_uuid(), id, md5(email), ${secret}, seen, seen, seen + interval '1 year'
       FROM (SELECT id, email, ${days('random() * 366')} AS seen FROM coatcheck.users, generate_series(1, 2)) drawn`,
    `INSERT INTO coatcheck.mailed_tokens (id, purpose, user_id, origin_id, email, secret_hash, created_at, expires_at, consumed_at)
     SELECT gen_random_uuid(), purpose, id, gen_random_uuid(), email, ${secret}, sent, sent + interval '1 day', CASE WHEN random() < 0.7 THEN sent END
       FROM (SELECT id, email, ${days('random() * 31')} AS sent, ${oneOf('email-verification,password-reset')} AS purpose ${some(1)}) drawn`,
    `INSERT INTO coatcheck.registrations (id, email, name, password_hash, link_hash, created_at, expires_at)
     SELECT gen_random_uuid(), 'new-' || email, name, '${passwordHash}', ${secret}, made, made + interval '1 day'
       FROM (SELECT email, name, ${days('random() * 2')} AS made ${some(0.2)}) drawn`,
    `INSERT INTO coatcheck.unproven_users (user_id, created_at) SELECT id, created_at ${some(0.01)}`,
    `INSERT INTO coatcheck.lockouts (subject, failures, locked_until, expires_at, user_id)
     SELECT 'email:' || md5(n::text), 1 + n % 10, CASE WHEN n % 10 = 9 THEN ${days('random() - 0.05')} END, ${days('random() - 1')}, NULL FROM ${number} n WHERE n % 2 = 0`,
    `UPDATE coatcheck.lockouts SET user_id = drawn.id, locked_until = ${days('random() - 0.05')} FROM (SELECT id, row_number() OVER () AS n ${some(0.001)}) drawn WHERE subject = 'email:' || md5((drawn.n * 2)::text)`,
    `INSERT INTO coatcheck.counters (key_hash, count, resets_at) SELECT ${secret}, 1 + n % 20, ${at} + random() * interval '1 hour' FROM ${number} n`,
    `INSERT INTO coatcheck.offers (key_hash, value, expires_at) SELECT ${secret}, n, ${at} + random() * interval '10 minutes' FROM ${number} n`,
    `INSERT INTO coatcheck.revocations (seq, subject, kind, not_before, expires_at)
     SELECT n, 'session:' || gen_random_uuid(), 'ended', clock_timestamp(), clock_timestamp() + n * interval '1 hour' / ${users} FROM ${number} n`,
    `UPDATE coatcheck.revocation_head SET seq = ${users}`,
    `INSERT INTO coatcheck.mail_jobs (kind, facts, attempts, created_at, due_at, claimed_by, claimed_until)
     SELECT 'password-changed', jsonb_build_object('userId', id), 1, ${at}, ${at} + random() * interval '1 day', gen_random_uuid(), ${at} ${some(1)}`,
    `INSERT INTO coatcheck.audit_events (id, at, type, user_id, session_id, reason, ip, user_agent, request_id, details)
     SELECT ${idOf('at')}, at, type, user_id, gen_random_uuid(), 'logout', ${address}, ${oneOf(AGENTS, '|')}, md5(random()::text), '{}'
       FROM (SELECT ${days(`(${events} - n) * 366.0 / ${events}`)} AS at, CASE WHEN n % 997 = 0 THEN 'impersonation.started' ELSE ${oneOf(TYPES)} END AS type,
                    (n * 7919) % ${users} AS place FROM generate_series(0, ${events - 1}::bigint) n) drawn
       JOIN (SELECT id AS user_id, row_number() OVER () - 1 AS place FROM shuffled) happened USING (place) ORDER BY at`,
    `INSERT INTO coatcheck.audit_outbox (event_id, destination, attempts, due_at, claimed_until, dead_at, last_error)
     SELECT id, 'siem', 3, ${at} + random() * interval '1 day', ${at}, CASE WHEN random() < 0.3 THEN ${days('random() * 31')} END, 'answered 500'
       FROM coatcheck.audit_events ORDER BY id DESC LIMIT ${users}`,
    countedHours(at),
    'DROP TABLE shuffled',
  ];
}

/** What the cleanup has counted of the events by now. @param at SQL of the time */
export function countedHours(at: string): string {
  const hourOf = (of: string) => `date_bin('1 hour', ${of}, '2000-01-01T00:00Z'::timestamptz)`;
  return `
    INSERT INTO coatcheck.audit_counts (type, hour, count)
    SELECT coalesce(type, subject || '.', ''), hour, count(*)
      FROM (SELECT type, split_part(type, '.', 1) AS subject, ${hourOf('at')} AS hour FROM coatcheck.audit_events
             WHERE at < ${hourOf(`${at} - interval '1 hour'`)}) happened
     GROUP BY hour, GROUPING SETS ((type), (subject), ())`;
}

/** One of each user, begun in the six days before `daysAgo`: in a user's pages there is no order. */
function sessions(at: string, daysAgo: number): string {
  return `
    INSERT INTO coatcheck.sessions (id, user_id, strategy, secret_hash, created_at, authenticated_at, last_seen_at, idle_expires_at,
           absolute_expires_at, ip, user_agent, amr, ended_at, end_reason)
    SELECT gen_random_uuid(), id, strategy, CASE strategy WHEN 'session' THEN ${secret} END, begun, begun, seen,
           seen + interval '7 days', begun + interval '30 days', ${address}, ${oneOf(AGENTS, '|')}, '{pwd}',
           CASE WHEN is_ended THEN seen END, CASE WHEN is_ended THEN 'logout' END
      FROM (SELECT *, least(begun + life * interval '12 days', ${at}) AS seen
              FROM (SELECT id, ${oneOf('session,jwt')} AS strategy, random() < 0.3 AS is_ended, random() AS life,
                           ${at} - (${daysAgo} + random() * 6.1) * interval '1 day' AS begun FROM shuffled) begun) drawn`;
}
