-- A rollup of surveys: how often which score was given in a month, of answers that had happened by as_of or were entered by hand. `latest`:
-- of them, those that are the last of their respondent in the month; who gave no name is a respondent each time. '' where nothing is said.
CREATE TABLE answer_month(
  month INTEGER NOT NULL, kind TEXT NOT NULL, scale TEXT NOT NULL, direction TEXT NOT NULL, touchpoint TEXT NOT NULL, score TEXT NOT NULL,
  n INTEGER NOT NULL, latest INTEGER NOT NULL, PRIMARY KEY(month, kind, scale, direction, touchpoint, score)
) STRICT, WITHOUT ROWID;
