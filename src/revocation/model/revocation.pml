/*
 * The acknowledged revocation as a model for spin: one session, its nodes, one store, and two callers who end the session.
 * Nothing here happens at a certain time: every step may be late, lost where a network can lose it, or never come, so a stopped
 * process (SIGSTOP) that wakes, a lost notification and a slow query need no step of their own. README.md says how to run it.
 */
#ifndef NODES
#define NODES 2
#endif
#ifndef RENEWALS /* under way at once, per node; 2: one that was given up may still arrive */
#define RENEWALS 1
#endif
#ifndef LOADS /* in flight at once that a node remembers; a request that finds no place loads for itself */
#define LOADS 1
#endif
#define STORE_LEASE 3 /* ticks, as the store records it */
#ifdef NODE_LEASE_NOT_SHORTER
#define NODE_LEASE STORE_LEASE
#else
#define NODE_LEASE 2 /* as the node uses it, whose clock may run slow by one tick */
#endif
#define MOST_SEQ 4

#define NONE 0
#define SENT 1
#define BEGUN 2 /* the statement has its snapshot and has read the store's clock */
#define ANSWERED 3 /* a load: it found the session live */

typedef Renewal {
  byte stage;
  byte carried; /* the applied_seq it reports */
  byte head; /* of the feed, in the statement's snapshot */
#ifdef TOLD
  bool grants; /* it asks for a new lease, and prolongs none */
#ifdef FEED_ANEW
  bool before; /* the store answered it before it was emptied */
#endif
#endif
  byte age; /* ticks since it was sent, by the node's clock */
  byte old /* ticks since the statement began, by the store's clock */
}

typedef Load {
  byte stage;
  byte from; /* applied_seq at its start */
  bool unbroken; /* the lease has been held since its start */
  bool attached /* a request may still join it */
}

typedef Node {
  byte left; /* ticks until its lease has run out, by its own clock */
  bool held; /* it took note of a lease, and of no end of it since: false = lookup mode */
  byte applied;
#ifdef LIVENESS
  bool fresh; /* in lookup mode: has read the head since its last renewal */
  byte known; /* the head that the last renewal told */
#endif
#ifdef FEED_ANEW
  bool before; /* its lease is from before the store was emptied */
#endif
  byte tomb; /* sequence number of the session's tombstone; 0 = none */
  bool cached; /* the view holds the session as live */
  Renewal renewal[RENEWALS];
  Load load[LOADS]
}

Node node[NODES];

/* The store. */
bool live = true;
#ifdef FEED_ANEW
byte head = 1; /* of the feed: something of another subject was revoked before */
#else
byte head; /* of the feed */
#endif
bool ours[MOST_SEQ + 1]; /* this revocation is of our session, not of another subject */
byte row_applied[NODES];
byte row_left[NODES]; /* ticks until the recorded lease has run out, by the store's clock; 0 = no running lease */

typedef Nodes {
  bool with[NODES]
}
byte target[2]; /* of each caller: the revocation it waits for; 0 = none yet */
Nodes done[2]; /* the nodes it need not wait for any more */

#ifdef TOLD
byte word[NODES]; /* of a follower, on its way to the node where the first caller waits: the number that it has applied, plus one; 0 = none */
#ifdef FEED_ANEW
bool word_before[NODES]; /* it is of a lease from before the store was emptied */
#endif
#endif

bool acked; /* a caller was told that the session is over */
#ifdef LIVENESS
byte waited; /* ticks since the announcement, while no caller was told */
#endif
bool slipped; /* a node's clock has missed its tick */
#ifdef ONE_SUBJECT
#define OTHER_ALLOWED false
#else
bool other; /* a node has announced a revocation of another subject */
#define OTHER_ALLOWED (!other)
#endif
#if defined(LEASES_FORGOTTEN) || defined(FEED_ANEW)
bool forgot;
byte grace;
#endif
#ifdef CLOCK_AFTER_SNAPSHOT
byte seen_left, seen_applied;
#endif

#ifdef SHARED_NODE_ID
#define ROW(n) 0
#else
#define ROW(n) n
#endif

#include "view.pml"
#include "node.pml"
#include "store.pml"
#include "time.pml"
#if defined(FOLLOWER) || defined(TOLD)
#include "follower.pml"
#endif

init {
  byte i;
  atomic {
#ifdef FOLLOWER
    run Working(0);
    run Following(1);
#elif defined(TOLD)
    for (i : 0 .. NODES - 1) { run Following(i) }
#else
    for (i : 0 .. NODES - 1) { run Working(i) }
#endif
    run Store();
    run Revoker(0);
#ifndef ONE_REVOKER
    run Revoker(1);
#endif
    run Time()
  }
}
