"""Makes the databases that database_test.cpp reads, by the real SQLite: python3 make.py, in this folder."""

import os
import shutil
import sqlite3
import sys

TABLE = """CREATE TABLE `item` (`id` text PRIMARY KEY, `note` text DEFAULT 'a, (b)', number integer NOT NULL,
  "cost" real, CONSTRAINT `c` FOREIGN KEY (`id`) REFERENCES `other`(`id`), CHECK (number > -1000000))"""


def start(name, page_size=512):
    for ending in ("", "-wal", "-shm"):
        if os.path.exists(name + ending):
            os.remove(name + ending)
    db = sqlite3.connect(name, isolation_level=None)
    db.execute(f"PRAGMA page_size={page_size}")
    db.execute("CREATE TABLE other (id text)")
    db.execute(TABLE)
    return db


def fill(db, first, last):
    db.execute("BEGIN")
    for i in range(first, last):
        db.execute("INSERT INTO item VALUES (?, ?, ?, ?)", (f"id-{i}", "n" * (i * 7 % 60), i * i * (-1) ** i, i / 4))
    db.execute("COMMIT")


def keep(name, target):
    """A copy of the files as they are while the database is open: what a kill leaves."""
    for ending in ("", "-wal"):
        if os.path.exists(name + ending):
            shutil.copyfile(name + ending, target + ending)


db = start("tree.db")  # pages within pages, every size of number
fill(db, 0, 300)
db.close()

db = start("overflow.db")  # a row longer than its page, with columns behind the long one
db.execute("INSERT INTO item VALUES ('long', ?, 4711, 0.5)", ("x" * 5000,))
db.execute("INSERT INTO item VALUES ('short', NULL, 1, NULL)")
db.execute("ALTER TABLE item ADD COLUMN added integer")
db.close()

db = start("work.db")  # all in the log, two transactions, and the beginning of a third
db.execute("PRAGMA journal_mode=WAL")
db.execute("PRAGMA wal_autocheckpoint=0")
fill(db, 0, 5)
fill(db, 5, 7)
keep("work.db", "logged.db")
db.execute("PRAGMA wal_checkpoint(RESTART)")  # the next round of the log overwrites its beginning
fill(db, 7, 8)
keep("work.db", "second-round.db")
db.close()
for ending in ("", "-wal", "-shm"):
    if os.path.exists("work.db" + ending):
        os.remove("work.db" + ending)

sys.exit(0)
