-- What was deployed: a row per deployment and hook. The same text runs on SQLite and on Postgres.
create table deployments (
    deployment text not null,   -- CodeDeploy's identifier
    event text not null,        -- the hook's name
    environment text not null,
    release text not null,      -- the commit the program was built from
    at timestamp with time zone not null default current_timestamp,
    primary key (deployment, event)
);
