"""The simulated AWS of `taxiway rehearse infra`: moto's server, with a listed patch wherever it answers otherwise than AWS
documents.

`python simulator.py --port N` serves on 127.0.0.1 and prints one line of JSON when it listens. It ends on SIGTERM, or when its
standard input is closed, so that it never outlives who started it. `python simulator.py --list` prints the patches.

No patch decides whether a configuration is right. Each one makes one answer complete: what a request set is what the next
description says.
"""

import argparse
import json
import os
import signal
import sys
import threading
import uuid
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import wraps
from importlib.metadata import version
from urllib.parse import unquote

# Terraform attaches AWS's own policies by name; moto loads them only when asked.
os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"

from botocore import xform_name  # noqa: E402
from moto.core.exceptions import JsonRESTError, ServiceException  # noqa: E402
from moto.core.responses import ActionResult, EmptyResult  # noqa: E402
from moto.core.utils import unix_time, utcnow  # noqa: E402


@dataclass
class Patch:
    name: str
    types: list[str]
    why: str
    install: Callable[[], None]


PATCHES: list[Patch] = []


class NoLongerApplies(Exception):
    """The installed moto has no such thing, or has by now what a patch would add."""


def patch(*types: str):
    """Lists a patch: its name is the function's, and what moto does otherwise is the function's first words."""

    def register(install: Callable[[], None]):
        PATCHES.append(Patch(install.__name__.replace("_", "-"), list(types), " ".join(install.__doc__.split()), install))
        return install

    return register


def install_all() -> None:
    for each in PATCHES:
        try:
            each.install()
        except (NoLongerApplies, ImportError, AttributeError, KeyError) as problem:
            raise SystemExit(
                f"The patch `{each.name}` does not fit moto {version('moto')}: {problem}. "
                "Install the moto that Taxiway names, or mend the patch in simulator.py."
            ) from problem


def change(owner: type, attribute: str):
    """Puts the decorated function in the attribute's place; it is given the original as its first argument."""
    if attribute not in vars(owner):
        raise NoLongerApplies(f"{owner.__module__}.{owner.__name__} has no `{attribute}`")
    inside = vars(owner)[attribute]

    def decorate(new):
        if isinstance(inside, property):
            setattr(owner, attribute, property(lambda self: new(inside.fget, self), inside.fset))
        elif isinstance(inside, (staticmethod, classmethod)):
            original = getattr(owner, attribute)
            setattr(owner, attribute, staticmethod(lambda *args, **kwargs: new(original, *args, **kwargs)))
        else:

            @wraps(inside)
            def replaced(self, *args, **kwargs):
                return new(inside, self, *args, **kwargs)

            setattr(owner, attribute, replaced)
        return new

    return decorate


def add(owner: type, operation: str | None = None):
    """Adds an operation moto does not have."""

    def decorate(new):
        name = operation or new.__name__
        if hasattr(owner, name):
            raise NoLongerApplies(f"{owner.__module__}.{owner.__name__} has its own `{name}` by now")
        setattr(owner, name, new)
        return new

    return decorate


def keep(responses: type, operation: str, result: str, fields: dict[str, str] | list[str]) -> None:
    """What the request gives in these fields is what the model says from then on (under another name, where a dict has one)."""
    names = fields if isinstance(fields, dict) else {field: field for field in fields}

    @change(responses, operation)
    def answer(original, self):
        given = {field: self._get_param(field) for field in names}
        answered = original(self)
        model = answered.result[result]
        for field, value in given.items():
            if value is not None:
                setattr(model, xform_name(names[field]), value)
        return answered


def kept(backend) -> dict:
    """What a patch remembers beside a backend of moto's, by kind and name."""
    return vars(backend).setdefault("_simulator", {})


@patch("aws_appautoscaling_target")
def appautoscaling_tags():
    """moto answers ListTagsForResource with 500; a scalable target has tags (Application Auto Scaling API,
    ListTagsForResource)."""
    from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse as Responses

    @change(Responses, "register_scalable_target")
    def register(original, self):
        answered = original(self)
        if tags := self._get_param("Tags"):
            arn = json.loads(answered)["ScalableTargetARN"]
            kept(self.applicationautoscaling_backend).setdefault(arn, {}).update(tags)
        return answered

    @add(Responses)
    def list_tags_for_resource(self):
        tags = kept(self.applicationautoscaling_backend).get(self._get_param("ResourceARN"), {})
        return json.dumps({"Tags": tags})

    @add(Responses)
    def tag_resource(self):
        tags = kept(self.applicationautoscaling_backend).setdefault(self._get_param("ResourceARN"), {})
        tags.update(self._get_param("Tags"))
        return "{}"

    @add(Responses)
    def untag_resource(self):
        tags = kept(self.applicationautoscaling_backend).get(self._get_param("ResourceARN"), {})
        for key in self._get_param("TagKeys"):
            tags.pop(key, None)
        return "{}"


@patch("aws_codedeploy_app")
def codedeploy_timestamps():
    """moto writes createTime as a string; it is a number of seconds (AWS JSON 1.1, Timestamp; CodeDeploy API,
    ApplicationInfo)."""
    from moto.codedeploy.models import Application

    @change(Application, "__init__")
    def init(original, self, *args, **kwargs):
        original(self, *args, **kwargs)
        self.create_time = unix_time()


@patch("aws_codedeploy_deployment_group")
def codedeploy_groups():
    """moto answers with an empty alarmConfiguration and cannot update a group (CodeDeploy API, DeploymentGroupInfo,
    UpdateDeploymentGroup)."""
    from moto.codedeploy.models import DeploymentGroup
    from moto.codedeploy.responses import CodeDeployResponse as Responses

    @change(DeploymentGroup, "to_dict")
    def to_dict(original, self):
        return {**original(self), "alarmConfiguration": self.alarm_configuration or {}}

    @add(Responses)
    def update_deployment_group(self):
        application = self._get_param("applicationName")
        group = self.codedeploy_backend.get_deployment_group(application, self._get_param("currentDeploymentGroupName"))
        for field, value in json.loads(self.body).items():
            if xform_name(field) in vars(group):
                setattr(group, xform_name(field), value)
        return json.dumps({"hooksNotCleanedUp": []})


@patch("aws_codedeploy_app", "aws_codedeploy_deployment_group")
def codedeploy_deletion():
    """moto cannot delete applications and groups (CodeDeploy API, DeleteApplication, DeleteDeploymentGroup)."""
    from moto.codedeploy.responses import CodeDeployResponse as Responses

    @add(Responses)
    def delete_application(self):
        name = self._get_param("applicationName")
        self.codedeploy_backend.applications.pop(name, None)
        self.codedeploy_backend.deployment_groups.pop(name, None)
        return "{}"

    @add(Responses)
    def delete_deployment_group(self):
        groups = self.codedeploy_backend.deployment_groups.get(self._get_param("applicationName"), {})
        groups.pop(self._get_param("deploymentGroupName"), None)
        return json.dumps({"hooksNotCleanedUp": []})


@patch("aws_codedeploy_deployment_config")
def codedeploy_configurations():
    """moto has no deployment configurations (CodeDeploy API, CreateDeploymentConfig, GetDeploymentConfig,
    DeleteDeploymentConfig)."""
    from moto.codedeploy.responses import CodeDeployResponse as Responses

    @add(Responses)
    def create_deployment_config(self):
        given, configurations = json.loads(self.body), kept(self.codedeploy_backend)
        name = given["deploymentConfigName"]
        if name in configurations:
            raise JsonRESTError("DeploymentConfigAlreadyExistsException", f"The deployment configuration {name} exists.")
        created = {"deploymentConfigId": str(uuid.uuid4()), "createTime": unix_time(), "computePlatform": "Server"}
        configurations[name] = {**created, **given}
        return json.dumps({"deploymentConfigId": created["deploymentConfigId"]})

    @add(Responses)
    def get_deployment_config(self):
        name = self._get_param("deploymentConfigName")
        if name not in kept(self.codedeploy_backend):
            raise JsonRESTError("DeploymentConfigDoesNotExistException", f"There is no deployment configuration {name}.")
        return json.dumps({"deploymentConfigInfo": kept(self.codedeploy_backend)[name]})

    @add(Responses)
    def delete_deployment_config(self):
        kept(self.codedeploy_backend).pop(self._get_param("deploymentConfigName"), None)
        return "{}"


@patch("aws_db_instance", "aws_rds_cluster_instance", "aws_docdb_cluster_instance")
def rds_resource_id():
    """moto gives every instance the same DbiResourceId; it is unique in a region and never changes (RDS API, DBInstance)."""
    from moto.rds.models import DBInstance

    @change(DBInstance, "__init__")
    def init(original, self, *args, **kwargs):
        original(self, *args, **kwargs)
        self.dbi_resource_id = "db-" + uuid.uuid4().hex[:26].upper()


@patch("aws_db_instance", "aws_rds_cluster_instance", "aws_docdb_cluster_instance")
def rds_monitoring():
    """moto forgets enhanced monitoring and Performance Insights (RDS API, DBInstance)."""
    from moto.rds.responses import RDSResponse as Responses

    fields = {
        "MonitoringInterval": "MonitoringInterval",
        "MonitoringRoleArn": "MonitoringRoleArn",
        "EnablePerformanceInsights": "PerformanceInsightsEnabled",
        "PerformanceInsightsKMSKeyId": "PerformanceInsightsKMSKeyId",
        "PerformanceInsightsRetentionPeriod": "PerformanceInsightsRetentionPeriod",
    }
    for operation in ("create_db_instance", "modify_db_instance"):
        keep(Responses, operation, "DBInstance", fields)


@patch("aws_db_instance", "aws_rds_cluster_instance", "aws_docdb_cluster_instance")
def rds_certificate_authority():
    """moto names a CA of its own where none is asked for; AWS's is rds-ca-rsa2048-g1 (RDS API, DBInstance; RDS guide, Using
    SSL/TLS to encrypt a connection)."""
    from moto.rds.models import DBInstance

    @change(DBInstance, "__init__")
    def init(original, self, *args, **kwargs):
        original(self, *args, **{"ca_certificate_identifier": "rds-ca-rsa2048-g1", **kwargs})


@patch("aws_rds_cluster", "aws_docdb_cluster")
def rds_serverless():
    """moto describes a scaling configuration of every cluster; only Aurora Serverless v1 has one (RDS API,
    ScalingConfigurationInfo)."""
    from moto.rds.models import DBCluster

    @change(DBCluster, "scaling_configuration_info")
    def info(original, self):
        return original(self) if self.scaling_configuration else None


@patch("aws_db_parameter_group", "aws_rds_cluster_parameter_group", "aws_docdb_cluster_parameter_group")
def rds_parameter_source():
    """moto describes a changed parameter without its Source; it is `user` (RDS API, Parameter)."""
    from moto.rds.models import DBClusterParameterGroup, DBParameterGroup

    def say_source(original, self, parameters):
        original(self, [{"Source": "user", "IsModifiable": True, **parameter} for parameter in parameters])

    change(DBParameterGroup, "update_parameters")(say_source)
    change(DBClusterParameterGroup, "update_cluster_parameters")(say_source)


@patch("aws_docdb_cluster", "aws_docdb_cluster_instance")
def docdb_engine():
    """moto refuses the engine `docdb`; DocumentDB's API is RDS's with that engine, on port 27017 (DocumentDB API,
    CreateDBCluster)."""
    from moto.rds.models import DBCluster, DBInstance
    from moto.rds.utils import ClusterEngine, DbInstanceEngine

    def known(original, *args):
        return sorted([*original(), "docdb"])

    change(DbInstanceEngine, "valid_db_instance_engine")(known)
    change(ClusterEngine, "list_cluster_engines")(known)

    def default(value):
        return lambda original, engine, *args, **kwargs: value if engine == "docdb" else original(engine, *args, **kwargs)

    for owner in (DBCluster, DBInstance):
        change(owner, "default_port")(default(27017))
        change(owner, "default_allocated_storage")(default(1))
    change(DBCluster, "default_engine_version")(default("5.0.0"))

    @change(DBCluster, "__init__")
    def init(original, self, *args, **kwargs):
        original(self, *args, **kwargs)
        # "The storage type isn't returned when you set it to standard" (DocumentDB API, DBCluster).
        if self.engine == "docdb" and kwargs.get("storage_type") in (None, "standard"):
            self.storage_type = None


@patch("aws_elasticache_parameter_group")
def elasticache_parameter_groups():
    """moto has no cache parameter groups (ElastiCache API, CreateCacheParameterGroup and its family)."""
    from moto.elasticache.models import ElastiCacheBackend
    from moto.elasticache.responses import ElastiCacheResponse as Responses

    @change(ElastiCacheBackend, "list_tags_for_resource")
    def tags(original, self, arn):
        return self.tagging_service.list_tags_for_resource(arn) if ":parametergroup:" in arn else original(self, arn)

    def groups(self):
        return kept(self.elasticache_backend)

    def group(self):
        name = self._get_param("CacheParameterGroupName")
        if name not in groups(self):
            raise ServiceException("CacheParameterGroupNotFound", f"CacheParameterGroup {name} not found.")
        return groups(self)[name]

    @add(Responses)
    def create_cache_parameter_group(self):
        backend, name = self.elasticache_backend, self._get_param("CacheParameterGroupName")
        made = {
            "CacheParameterGroupName": name,
            "CacheParameterGroupFamily": self._get_param("CacheParameterGroupFamily"),
            "Description": self._get_param("Description"),
            "IsGlobal": False,
            "ARN": f"arn:aws:elasticache:{backend.region_name}:{backend.account_id}:parametergroup:{name}",
        }
        groups(self)[name] = {**made, "parameters": {}}
        backend.tagging_service.tag_resource(made["ARN"], self._get_param("Tags", []))
        return ActionResult({"CacheParameterGroup": made})

    @add(Responses)
    def describe_cache_parameter_groups(self):
        named = self._get_param("CacheParameterGroupName")
        return ActionResult({"CacheParameterGroups": [group(self)] if named else list(groups(self).values())})

    @add(Responses)
    def modify_cache_parameter_group(self):
        for given in self._get_param("ParameterNameValues", []):
            group(self)["parameters"][given["ParameterName"]] = given["ParameterValue"]
        return ActionResult({"CacheParameterGroupName": group(self)["CacheParameterGroupName"]})

    @add(Responses)
    def reset_cache_parameter_group(self):
        for given in self._get_param("ParameterNameValues", []):
            group(self)["parameters"].pop(given["ParameterName"], None)
        return ActionResult({"CacheParameterGroupName": group(self)["CacheParameterGroupName"]})

    @add(Responses)
    def describe_cache_parameters(self):
        changed = group(self)["parameters"].items()
        return ActionResult(
            {"Parameters": [{"ParameterName": name, "ParameterValue": value, "Source": "user"} for name, value in changed]}
        )

    @add(Responses)
    def delete_cache_parameter_group(self):
        groups(self).pop(group(self)["CacheParameterGroupName"])
        return EmptyResult()


@patch("aws_elasticache_subnet_group")
def elasticache_subnet_groups():
    """moto cannot change or delete a cache subnet group (ElastiCache API, ModifyCacheSubnetGroup, DeleteCacheSubnetGroup)."""
    from moto.elasticache.models import CacheSubnetGroup
    from moto.elasticache.responses import ElastiCacheResponse as Responses

    @add(Responses)
    def modify_cache_subnet_group(self):
        backend, name = self.elasticache_backend, self._get_param("CacheSubnetGroupName")
        old = backend.describe_cache_subnet_groups(name)[0]
        description = self._get_param("CacheSubnetGroupDescription") or old.cache_subnet_group_description
        subnets = self._get_param("SubnetIds") or old.subnet_ids
        changed = CacheSubnetGroup(backend.account_id, backend.region_name, name, description, subnets, old.tags)
        backend.cache_subnet_groups[name] = changed
        return ActionResult({"CacheSubnetGroup": changed})

    @add(Responses)
    def delete_cache_subnet_group(self):
        group = self.elasticache_backend.describe_cache_subnet_groups(self._get_param("CacheSubnetGroupName"))[0]
        self.elasticache_backend.cache_subnet_groups.pop(group.cache_subnet_group_name)
        return EmptyResult()


@patch("aws_elasticache_replication_group")
def elasticache_members():
    """moto ignores NumCacheClusters and does not describe the member clusters, in which AWS says a group's version,
    parameter group and security groups (ElastiCache API, DescribeCacheClusters)."""
    from moto.elasticache.models import CacheCluster, ElastiCacheBackend

    @change(ElastiCacheBackend, "create_replication_group")
    def create(original, self, *args, **kwargs):
        if kwargs.get("num_cache_clusters") and not kwargs.get("replicas_per_node_group"):
            kwargs["replicas_per_node_group"] = kwargs["num_cache_clusters"] - 1
        group = original(self, *args, **kwargs)
        for name in group.member_clusters:
            member = CacheCluster.__new__(CacheCluster)
            vars(member).update(member_of(self, group, name))
            self.cache_clusters[name] = member
        return group

    def member_of(backend, group, name):
        asked = group.engine_version or "7.1"
        return {
            **{field: value for field, value in vars(group).items() if field not in ("tags", "status", "description")},
            "arn": f"arn:aws:elasticache:{backend.region_name}:{backend.account_id}:cluster:{name}",
            "cache_cluster_id": name,
            "cache_cluster_status": "available",
            # The whole version, as "Supported node types" has it: 7.1 is 7.1.0.
            "engine_version": asked if asked.count(".") > 1 else f"{asked}.0",
            "num_cache_nodes": 1,
            "cache_parameter_group": {
                "CacheParameterGroupName": group.cache_parameter_group_name,
                "ParameterApplyStatus": "in-sync",
            },
            "cache_nodes": [{"CacheNodeId": "0001", "CacheNodeStatus": "available"}],
            "security_groups": [{"SecurityGroupId": each, "Status": "active"} for each in group.security_group_ids or []],
        }


@patch("aws_elasticache_replication_group")
def elasticache_changes():
    """moto cannot modify a replication group and keeps a deleted one in `deleting` for ever (ElastiCache API,
    ModifyReplicationGroup, DeleteReplicationGroup)."""
    from moto.elasticache.models import ElastiCacheBackend
    from moto.elasticache.responses import ElastiCacheResponse as Responses

    @add(Responses)
    def modify_replication_group(self):
        group = self.elasticache_backend.describe_replication_groups(self._get_param("ReplicationGroupId"))[0]
        names = {"ReplicationGroupDescription": "description"}
        for field, value in self._get_params().items():
            setattr(group, names.get(field, xform_name(field)), value)
        for name in group.member_clusters:
            for field in ("snapshot_retention_limit", "snapshot_window", "preferred_maintenance_window", "cache_node_type"):
                setattr(self.elasticache_backend.cache_clusters[name], field, getattr(group, field))
        return ActionResult({"ReplicationGroup": group})

    @change(ElastiCacheBackend, "delete_replication_group")
    def delete(original, self, replication_group_id, *args, **kwargs):
        members = list(self.describe_replication_groups(replication_group_id)[0].member_clusters)
        group = original(self, replication_group_id, *args, **kwargs)
        for name in [*members, *group.member_clusters]:
            self.cache_clusters.pop(name, None)
        return self.replication_groups.pop(replication_group_id, group)


@patch("aws_sqs_queue", "aws_sqs_queue_policy", "aws_sqs_queue_redrive_policy", "aws_sqs_queue_redrive_allow_policy")
def sqs_redrive():
    """moto writes RedrivePolicy with spaces of its own, drops RedriveAllowPolicy, and forgets a queue's policy when another
    attribute is set; the attributes are what was set (SQS API, GetQueueAttributes, SetQueueAttributes)."""
    from moto.sqs.models import Queue

    Queue.BASE_ATTRIBUTES.append("RedriveAllowPolicy")
    Queue.redrive_allow_policy = None

    @change(Queue, "attributes")
    def attributes(original, self):
        result = original(self)
        result["RedriveAllowPolicy"] = self.redrive_allow_policy or None
        if self.redrive_policy:
            result["RedrivePolicy"] = json.dumps(self.redrive_policy, separators=(",", ":"))
        return result

    @change(Queue, "_set_attributes")
    def set_attributes(original, self, attributes, *args, **kwargs):
        known = vars(self).get("_policy_json")
        original(self, attributes, *args, **kwargs)
        if known is not None and "Policy" not in attributes:
            self._policy_json = known


@patch("aws_ecs_service")
def ecs_service():
    """moto forgets these fields of a service (ECS API, Service)."""
    from moto.ecs.responses import EC2ContainerServiceResponse as Responses

    fields = [
        "availabilityZoneRebalancing",
        "capacityProviderStrategy",
        "deploymentConfiguration",
        "enableECSManagedTags",
        "enableExecuteCommand",
        "healthCheckGracePeriodSeconds",
        "placementConstraints",
        "placementStrategy",
    ]
    keep(Responses, "create_service", "service", fields)
    keep(Responses, "update_service", "service", fields)


@patch("aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule")
def ec2_rule_description():
    """moto loses the description of a rule whose other end is a security group or a prefix list (EC2 API,
    SecurityGroupRule)."""
    from moto.ec2.models.security_groups import SecurityGroupRule

    @change(SecurityGroupRule, "__init__")
    def init(original, self, *rule, **kwargs):
        original(self, *rule, **kwargs)
        prefix_list = rule[7] if len(rule) > 7 else kwargs.get("prefix_list_id")
        self.prefix_list_description = (prefix_list or {}).get("Description")

    @change(SecurityGroupRule, "description")
    def description(original, self):
        return original(self) or self.source_group.get("Description") or self.prefix_list_description


@patch("aws_vpc_endpoint", "aws_vpc_endpoint_route_table_association")
def ec2_gateway_endpoint_routes():
    """moto makes a gateway endpoint's routes at its creation only; a route table that is added or removed later gains or
    loses its route (EC2 API, ModifyVpcEndpoint; VPC guide, Gateway endpoints)."""
    from moto.ec2.models.vpcs import VPCEndPoint

    @change(VPCEndPoint, "modify")
    def modify(original, self, *args, **kwargs):
        before = set(self.route_table_ids or [])
        original(self, *args, **kwargs)
        after, prefix_list = set(self.route_table_ids or []), self.destination_prefix_list_id
        if not prefix_list:
            return
        for table in after - before:
            self.ec2_backend.create_route(table, None, gateway_id=self.id, destination_prefix_list_id=prefix_list)
        for table in before - after:
            self.ec2_backend.delete_route(table, prefix_list)


@patch("aws_launch_template")
def ec2_launch_template_tags():
    """moto describes the tags of a launch template also as tags of what it launches; they are the template's alone (EC2 API,
    CreateLaunchTemplate, TagSpecification)."""
    from moto.ec2.models.launch_templates import LaunchTemplate

    @change(LaunchTemplate, "create_version")
    def create(original, self, data, *args, **kwargs):
        launched = [each for each in data.pop("TagSpecifications", []) if each["ResourceType"] != "launch-template"]
        return original(self, {**data, **({"TagSpecifications": launched} if launched else {})}, *args, **kwargs)


@patch("aws_cloudfront_distribution")
def cloudfront_certificate():
    """moto says CloudFrontDefaultCertificate also beside a certificate of the distribution's own, and writes the identifiers of
    absent ones as empty elements (CloudFront API, ViewerCertificate)."""
    from moto.cloudfront.models import ViewerCertificate

    @change(ViewerCertificate, "__init__")
    def init(original, self, config):
        original(self, config)
        self.acm_certificate_arn = self.acm_certificate_arn or None
        self.iam_certificate_id = self.iam_certificate_id or None
        if self.acm_certificate_arn or self.iam_certificate_id:
            self.cloud_front_default_certificate = False


@patch("aws_cloudfront_distribution")
def cloudfront_forwarded_values():
    """moto describes ForwardedValues for a behavior with a cache policy, where it must be absent (CloudFront API,
    DefaultCacheBehavior)."""
    from moto.cloudfront.models import DefaultCacheBehaviour

    @change(DefaultCacheBehaviour, "__init__")
    def init(original, self, config):
        original(self, config)
        if self.cache_policy_id:
            self.forwarded_values = None


@patch("aws_s3_bucket_policy")
def bucket_policy_without_tls():
    """moto refuses everybody where a policy refuses who comes without TLS; nobody here has TLS, and each counts as if
    (AWS IAM User Guide, aws:SecureTransport; Amazon S3 API, PutBucketPolicy)."""
    from moto.s3.models import FakeBucket

    def is_about_tls(statement):
        condition = statement.get("Condition", {}).get("Bool", {})
        return statement["Effect"] == "Deny" and str(condition.get("aws:SecureTransport")).lower() == "false"

    @change(FakeBucket, "get_permission")
    def permission(original, self, *args, **kwargs):
        if self.policy is None:
            return original(self, *args, **kwargs)
        policy = json.loads(self.policy)
        policy["Statement"] = [each for each in policy["Statement"] if not is_about_tls(each)]
        # The original reads the bucket's own policy; a second request meanwhile must not see this one.
        seen = copy(self)
        seen.policy = json.dumps(policy).encode()
        return original(seen, *args, **kwargs)


@patch("aws_s3_bucket")
def bucket_delete_markers_go():
    """moto fails when a delete marker is removed: it closes a body, and a marker has none (Amazon S3 API, DeleteObjects)."""
    from moto.s3.models import FakeDeleteMarker

    @add(FakeDeleteMarker)
    def dispose(self, garbage=False):
        """A marker keeps nothing that would have to be closed."""


@patch("aws_lambda_function")
def lambda_dead_letter():
    """moto forgets a function's dead letter queue and KMS key (Lambda API, FunctionConfiguration)."""
    from moto.awslambda.models import LambdaFunction

    fields = ("DeadLetterConfig", "KMSKeyArn")

    def remember(self, spec):
        vars(self).setdefault("_simulator", {}).update({field: spec[field] for field in fields if field in spec})

    @change(LambdaFunction, "__init__")
    def init(original, self, account_id, spec, *args, **kwargs):
        original(self, account_id, spec, *args, **kwargs)
        remember(self, spec)

    @change(LambdaFunction, "update_configuration")
    def update(original, self, updates):
        remember(self, updates)
        return original(self, updates)

    @change(LambdaFunction, "get_configuration")
    def configuration(original, self, *args, **kwargs):
        return {**original(self, *args, **kwargs), **vars(self).get("_simulator", {})}


@patch("aws_eks_cluster")
def eks_cluster():
    """moto forgets access and upgrade settings, takes a change for the whole VPC configuration, and has no cluster security
    group, which EKS makes in the cluster's VPC (EKS API, Cluster, UpdateClusterConfig, VpcConfigResponse)."""
    from moto.ec2.models import ec2_backends
    from moto.eks.models import EKSBackend
    from moto.eks.responses import EKSResponse as Responses

    keep(Responses, "create_cluster", "cluster", ["accessConfig", "upgradePolicy", "deletionProtection"])

    @change(EKSBackend, "create_cluster")
    def create(original, self, *args, **kwargs):
        cluster = original(self, *args, **kwargs)
        ec2, network = ec2_backends[self.account_id][self.region_name], cluster.resources_vpc_config
        vpc = ec2.describe_subnets(subnet_ids=network["subnetIds"][:1])[0].vpc_id
        name = f"eks-cluster-sg-{cluster.name}-{uuid.uuid4().int % 10**10}"
        group = ec2.create_security_group(name, "EKS created security group", vpc_id=vpc)
        defaults = {"endpointPublicAccess": True, "endpointPrivateAccess": False, "publicAccessCidrs": ["0.0.0.0/0"]}
        cluster.resources_vpc_config = {**defaults, **network, "vpcId": vpc, "clusterSecurityGroupId": group.id}
        cluster.kubernetes_network_config = {"ipFamily": "ipv4", **cluster.kubernetes_network_config}
        return cluster

    @change(EKSBackend, "update_cluster_config")
    def update(original, self, name, resources_vpc_config=None, **kwargs):
        changed = {**self.describe_cluster(name).resources_vpc_config, **(resources_vpc_config or {})}
        return original(self, name, changed, **kwargs)

    @change(Responses, "update_cluster_config")
    def answer(original, self):
        original(self)
        return ActionResult({"update": {"id": str(uuid.uuid4()), "status": "Successful", "type": "ConfigUpdate"}})

    @change(EKSBackend, "delete_cluster")
    def delete(original, self, name):
        cluster = original(self, name)
        group = cluster.resources_vpc_config["clusterSecurityGroupId"]
        ec2_backends[self.account_id][self.region_name].delete_security_group(group_id=group)
        return cluster


@patch("aws_eks_node_group")
def eks_node_group():
    """moto invents remote access and a disk size for a node group of a launch template, and forgets its update settings (EKS
    API, Nodegroup)."""
    from moto.eks.models import Nodegroup
    from moto.eks.responses import EKSResponse as Responses

    keep(Responses, "create_nodegroup", "nodegroup", ["updateConfig", "nodeRepairConfig"])

    @change(Nodegroup, "__init__")
    def init(original, self, *args, **kwargs):
        original(self, *args, **kwargs)
        self.remote_access = kwargs.get("remote_access")
        if not self.remote_access:
            self.resources.pop("remoteAccessSecurityGroup")
        if kwargs.get("launch_template"):
            self.disk_size = kwargs.get("disk_size")


@patch("aws_eks_access_entry", "aws_eks_access_policy_association", "aws_eks_addon", "aws_eks_pod_identity_association")
def eks_children():
    """moto has no add-ons, access entries and pod identity associations (EKS API, CreateAddon, CreateAccessEntry,
    AssociateAccessPolicy, CreatePodIdentityAssociation and their families)."""
    from moto.eks import urls
    from moto.eks.exceptions import ResourceInUseException, ResourceNotFoundException
    from moto.eks.responses import EKSResponse as Responses

    urls.url_paths["{0}/clusters/(?P<name>[^/]+)/(?P<child>.+)$"] = urls.response.dispatch

    def operand(self, field):
        return unquote(self._get_param(field))

    def children(self, one):
        return kept(self.eks_backend.describe_cluster(operand(self, "name"))).setdefault(one, {})

    def child(self, one, key):
        name = operand(self, key)
        if name not in children(self, one):
            raise ResourceNotFoundException(clusterName=operand(self, "name"), message=f"No {one} found: {name}.")
        return children(self, one)[name]

    def create(self, one, name, result, arn, made):
        """Keeps what the request says of a child, with what EKS adds to it."""
        backend, cluster = self.eks_backend, operand(self, "name")
        if name in children(self, one):
            raise ResourceInUseException(clusterName=cluster, message=f"The {one} {name} exists.")
        given = {field: value for field, value in json.loads(self.body).items() if field != "clientRequestToken"}
        where = f"arn:aws:eks:{backend.region_name}:{backend.account_id}:{one.replace('_', '-')}/{cluster}"
        made = {"clusterName": cluster, "tags": {}, arn: f"{where}/{name.rsplit('/')[-1]}/{uuid.uuid4()}", **made, **given}
        children(self, one)[name] = {**made, "createdAt": utcnow(), "modifiedAt": utcnow()}
        return ActionResult({result: children(self, one)[name]})

    def family(one, many, key, result, members):
        """What every kind of child has: describe, list, update, delete."""

        def describe(self):
            return ActionResult({result: child(self, one, key)})

        def list_all(self):
            names, all_of = list(children(self, one)), list(children(self, one).values())
            return ActionResult({members: all_of if members == "associations" else names})

        def update(self):
            child(self, one, key).update({**json.loads(self.body), "modifiedAt": utcnow()})
            return ActionResult({result: child(self, one, key), "update": {"id": str(uuid.uuid4()), "status": "Successful"}})

        def delete(self):
            gone = child(self, one, key)
            children(self, one).pop(operand(self, key))
            return ActionResult({result: gone})

        add(Responses, f"describe_{one}")(describe)
        add(Responses, f"list_{many}")(list_all)
        add(Responses, f"update_{one}")(update)
        add(Responses, f"delete_{one}")(delete)

    family("addon", "addons", "addonName", "addon", "addons")
    family("access_entry", "access_entries", "principalArn", "accessEntry", "accessEntries")
    pods = "pod_identity_association"
    family(pods, "pod_identity_associations", "associationId", "association", "associations")

    @add(Responses)
    def create_addon(self):
        made = {"status": "ACTIVE", "health": {"issues": []}}
        return create(self, "addon", self._get_param("addonName"), "addon", "addonArn", made)

    @add(Responses)
    def describe_update(self):
        return ActionResult({"update": {"id": self._get_param("updateId"), "status": "Successful", "errors": []}})

    @add(Responses)
    def create_access_entry(self):
        principal = self._get_param("principalArn")
        account, role = principal.split(":")[4], principal.rsplit("/", 1)[-1]
        user = f"arn:aws:sts::{account}:assumed-role/{role}/{{{{SessionName}}}}"
        made = {"type": "STANDARD", "kubernetesGroups": [], "username": user}
        return create(self, "access_entry", principal, "accessEntry", "accessEntryArn", made)

    @add(Responses)
    def create_pod_identity_association(self):
        identifier = f"a-{uuid.uuid4().hex[:17]}"
        return create(self, pods, identifier, "association", "associationArn", {"associationId": identifier})

    @add(Responses)
    def associate_access_policy(self):
        entry, policy = child(self, "access_entry", "principalArn"), self._get_param("policyArn")
        scope = {"policyArn": policy, "accessScope": self._get_param("accessScope")}
        made = {**scope, "associatedAt": utcnow(), "modifiedAt": utcnow()}
        entry.setdefault("policies", {})[policy] = made
        names = {"clusterName": entry["clusterName"], "principalArn": entry["principalArn"]}
        return ActionResult({**names, "associatedAccessPolicy": made})

    @add(Responses)
    def list_associated_access_policies(self):
        policies = child(self, "access_entry", "principalArn").get("policies", {})
        return ActionResult({"associatedAccessPolicies": list(policies.values())})

    @add(Responses)
    def disassociate_access_policy(self):
        child(self, "access_entry", "principalArn").get("policies", {}).pop(operand(self, "policyArn"), None)
        return EmptyResult()


def serve(port: int) -> None:
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log_request(self, *_):
            pass

    install_all()
    application = DomainDispatcherApplication(create_backend_app)
    server = make_server("127.0.0.1", port, application, threaded=True, request_handler=Quiet)

    def end(*_):
        os._exit(0)

    def end_with_parent():
        while os.read(sys.stdin.fileno(), 4096):
            pass
        end()

    signal.signal(signal.SIGTERM, end)
    threading.Thread(target=end_with_parent, daemon=True).start()
    print(json.dumps({"port": server.server_port, "moto": version("moto")}), flush=True)
    server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description="A simulated AWS: moto with the patches Taxiway needs.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--port", type=int, help="serve on this port of 127.0.0.1; 0 takes a free one")
    what.add_argument("--list", action="store_true", help="print the patches as JSON")
    arguments = parser.parse_args()
    if arguments.list:
        print(json.dumps([{"name": each.name, "types": each.types, "why": each.why} for each in PATCHES], indent=2))
    else:
        serve(arguments.port)


if __name__ == "__main__":
    main()
