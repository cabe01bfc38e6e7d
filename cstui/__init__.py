"""cstui: a customer-success desk in the terminal, over one local SQLite file.

The map. A file imports only what stands below it; siblings on one line never import each other (import-linter holds it).

    __main__        `cstui` and `python -m cstui`: hands the arguments to cli, and starts ui where no command was given
    cli | ui
      cli/          commands: arguments, tables, JSON, exit codes. Loads neither textual nor pandas
      ui/           the only Textual code: app (wiring), commands (one table of actions), charts (plotext → text), screens, widgets
    desk/           what a person does here, one module per intention; takes a workspace and a view, returns frozen snapshots
    ingest | risk | sample | store
      ingest/       a file → typed records and problems; no SQL
      risk/         the place of signals, score, model and backtest
      sample/       the seeded sample company, written as template files, which desk imports
      store/        the only SQL: schema, migrations, staging, merge, undo, rollups, queries
    metrics/        what figures mean: the registry and one module per family; no SQL, no screens
      value/        fits of customer value (scipy, loaded only when one is asked for)
    base/           record kinds, days and periods, money, text, formatting, errors, config, paths, a second process to share work with

How data flows. A file is read in a subprocess (a large one by two) into a staging database, previewed there, and merged in one short
transaction that keeps what every changed row was before. `store` answers which rows, `metrics` what they mean; `desk`
returns one snapshot per screen, which the screen, the command and its JSON all show. The day is an argument everywhere.
"""

__version__ = "0.1.0"
