//! Every way in which a target differs from what was written, each said once.

use super::Case;
use crate::Grade;

const fn near(when: &'static str, reason: &'static str) -> Case {
    Case { grade: Grade::Approximated, when, reason, of_default: false }
}

const fn gone(when: &'static str, reason: &'static str) -> Case {
    Case { grade: Grade::Dropped, when, reason, of_default: false }
}

/// As [`near`], and also worth saying where nobody wrote the field.
const fn of_default(when: &'static str, reason: &'static str) -> Case {
    Case { grade: Grade::Approximated, when, reason, of_default: true }
}

macro_rules! cases {
    ($($name:ident = $how:ident($when:literal, $reason:literal);)+) => {
        $(pub(crate) static $name: Case = $how($when, $reason);)+
    };
}

// Each line: a name, how it differs, when (always, where that is empty), and why.
cases! {
    // On this machine.
    NOT_LIMITED = gone("", "no process is held to it on this machine");
    RIGHTS = near("", "a service is told only of what it uses, but the local cloud refuses nobody");
    NO_LIVENESS = gone("", "this machine restarts a replica that ends, not one that fails a second check");
    AT_LEAST_ONE = near("where it is 0", "at least one replica runs on this machine");
    NO_SCALING = gone("", "replicas do not scale by themselves on this machine yet");
    LOCAL_ROLLOUT = near("", "a changed service is brought by `up` or `restart`, replica by replica, whatever is written");
    NO_ROLLOUT = gone("", "rollouts are not on this machine yet: nothing shifts traffic, runs hooks or rolls back");
    NO_MIGRATION = gone("", "`up` runs no migration yet: a job that others wait for (`completed`) does, or `taxiway exec`");
    LOCAL_KEY = gone("", "the local cloud takes no key");
    HAD_HERE = near("", "a server of yours, else a program that is installed, else, for documents, the local cloud");
    INSTALLED = near("", "the version that made the data, else this one where it is installed, else the newest that is, and `up` says so");
    ONE_COPY = gone("", "one copy runs on this machine, of no size, and nobody backs it up");
    NO_DOOR = gone("", "it is not in the local edge yet, and `up` says so");
    NO_ALARMS = gone("", "nothing looks at alarms on this machine yet");

    // On AWS, whatever runs the containers.
    PROFILES = gone("", "nothing starts a service on request there, so this one is not there; give it an environment without profiles");
    READ_ONLY = near("where it is `read`, of a database", "the network lets it in as one that writes: users with less are made in the database");
    SECURE = near("where it is true", "the value is never in a file, but the AWS provider reads it into Terraform's state at a refresh; a `secret` stays out of it");
    RDS_INSTANCES = gone("above 1, where the provider is RDS", "RDS has one instance, and with `multi_az` a standby; Aurora has readers");
    CLUSTER_STORAGE = gone("where the provider is Aurora or DocumentDB", "its storage grows by itself and cannot be set");
    STATEFUL_SET = gone("where it is `in-cluster`", "a stateful set beside the services is Kubernetes', and no target writes that yet");
    IRREVERSIBLE = gone("", "nothing asks before a rollback whether the schema still fits");

    // On ECS.
    SINGLETON = near("where it is true", "one task is wanted, and a release ends the old one first; when a host is lost, ECS may start the next before it knows that the old one is gone");
    DEPENDS_ON = near("", "ECS starts services side by side: one that needs another has to try until that is there");
    LIMITS = gone("where it is not the same as `cpu` or `memory`", "Fargate gives a task exactly its cpu and memory, and no more");
    LONG_STOP = near("above 120 seconds", "Fargate waits 120 seconds at most");
    SHORT_STOP = near("below 2 seconds", "Fargate waits 2 seconds at least");
    BOTH_DAYS = near("with both a day of month and a weekday", "AWS takes one of the two, and the weekday counts");
    RETRIES = near("above 0", "EventBridge Scheduler tries again where a task could not be started, not where it failed");
    JOB_TIMEOUT = gone("", "nothing ends a task of ECS after a time; the program has to");
    LIVENESS = gone("", "ECS replaces a task that fails its one health check; `healthcheck` of the service looks at it from inside");
    UNCHECKED = gone("where `public` is false", "a service that is reached by name has no balancer that asks it; `healthcheck` of the service looks at it from inside");
    UNDRAINED = gone("where `public` is false", "a service that is reached by name has no balancer that waits for its requests; `stop_timeout` gives it time to end them");
    ALIAS_DOOR = near("with a CDN or a gateway", "the balancer goes by it, but CloudFront and API Gateway answer by their own names until a name and its certificate are given to them in `patches`");
    OWN_PORT_DOOR = near("with a CDN or a gateway", "the listener is the balancer's, which lets in the public door only, and that knows the shared one");
    FROM_ZERO = near("where it is 0 and `requests` is all that could wake it", "CloudWatch counts no requests of a service without tasks, so none start by themselves");
    REQUESTS_BY_NAME = gone("where `public` is false", "nobody counts the requests of a service that is reached by name");
    FIRST_QUEUE = near("where the service consumes several queues", "the first of them by name is looked at");
    CLOCK = near("", "while a scheduled change holds, a plan shows its bounds, and an apply puts the usual ones back until the next change");
    MINUTES = near("where it is not in whole minutes", "CodeDeploy waits whole minutes; a begun one counts");
    NO_BAKE = gone("above 0, where tasks are replaced one after another", "a rolling deployment of ECS ends the old tasks as the new ones become healthy; only blue/green keeps them");
    TEN_ALARMS = gone("with more than ten", "CodeDeploy takes ten alarms");
    MIGRATE_ROLLING = near("where tasks are replaced one after another", "the delivery workflow runs it as a task before it updates the service; a plain `terraform apply` does not");
    NO_HOOKS = gone("where tasks are replaced one after another", "only deployments of CodeDeploy call hooks: blue-green, canary or linear behind the balancer");
    PG_LOGIN = of_default("where AWS runs it", "the URL comes without user and password, which AWS makes and rotates: PGUSER and PGPASSWORD carry them by reference, and PostgreSQL's clients read them");
    MONGO_LOGIN = of_default("where AWS runs it", "the URL comes without user and password, which AWS makes and rotates: MONGO_USER and MONGO_PASSWORD carry them by reference");
    CDN_HTTP = near("without a certificate and without a gateway", "CloudFront speaks HTTP to the balancer then; callers use HTTPS all the same");
    GATEWAY_HTTP = near("where it is false, without a certificate", "API Gateway speaks HTTP to the balancer over the internet then; callers use HTTPS all the same");
    WAF_BEHIND = near("with a gateway and without a CDN", "an HTTP API takes no firewall, so it stands at the balancer behind it and sees the gateway's addresses");
    GATE = near("", "the header's value stands in Terraform's state, as it does in the balancer's rule and in what stands before it");
    FILE = gone("where it is a file", "a file cannot be used on AWS: import it into ACM and give its ARN as `aws.certificate`");
    RESTARTS = gone("where it is `restarts`", "CloudWatch does not count the restarts of tasks");
    SLOWER = near("where it is a latency, under CodeDeploy", "while two task sets serve, it is the slower one's");
    WHOLE_MINUTES = near("where it is not in whole minutes", "CloudWatch looks once a minute; a begun one counts");

    // On EKS.
    IN_CLUSTER = gone("", "Terraform makes the cluster, its nodes and the services' roles; what runs in it is Kubernetes', and no target writes that yet");
    CLUSTER_DOOR = near("of a database", "a database lets in the whole cluster where any service uses it: who of them may is for network policies to say");
    OPERATOR_ROLE = near("where it is true", "the role of the operator is here; what it does in the cluster is Kubernetes', and no target writes that yet");
    NO_CLUSTER_ALARMS = gone("", "alarms are compiled for ECS; what a cluster measures is Kubernetes'");
    NO_CLUSTER_EDGE = gone("", "what stands before a cluster is made by an ingress in it, and no target writes that yet");

    // In a pipeline.
    NOT_DELIVERED = gone("where it is `eks`", "images are built and the stacks applied, but nothing is delivered into a Kubernetes cluster; the Kubernetes target brings that");
    NO_DEPENDABOT = near("where the manifest is in a folder of its own", "a repository has one dependabot.yml, so none is written for such a manifest");
}
