"""The simulator starts, lists its patches, ends with its parent, and answers as AWS documents where moto would not."""

import json
import pathlib
import signal
import subprocess
import sys
import unittest

try:
    import boto3
    import moto  # noqa: F401
except ImportError as missing:
    raise unittest.SkipTest(f"skipped: {missing.name} is not installed") from missing

SIMULATOR = pathlib.Path(__file__).parents[2] / "src/simulator/simulator.py"
ROLE = "arn:aws:iam::123456789012:role/rehearsal"


def start() -> tuple[subprocess.Popen, dict]:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([sys.executable, SIMULATOR, "--port", "0"], text=True, **pipes)
    return process, json.loads(process.stdout.readline())


def stop(process: subprocess.Popen) -> int:
    process.stdin.close()
    process.stdout.close()
    return process.wait(timeout=10)


class Process(unittest.TestCase):
    def test_list_names_every_patch_once_with_types_and_the_document(self):
        listed = json.loads(subprocess.check_output([sys.executable, SIMULATOR, "--list"], text=True))
        names = [each["name"] for each in listed]
        self.assertEqual(len(names), len(set(names)))
        self.assertGreater(len(names), 10)
        for each in listed:
            self.assertTrue(all(kind.startswith("aws_") for kind in each["types"]), each)
            self.assertRegex(each["why"], r"moto .*\(.*(API|AWS).*\)\.$")

    def test_it_ends_when_its_parent_does(self):
        process, _ = start()
        self.assertEqual(stop(process), 0)

    def test_it_ends_on_sigterm(self):
        process, _ = start()
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=10), 0)
        stop(process)

    def test_a_patch_that_does_not_fit_is_named(self):
        code = "import simulator, moto.sqs.models as m; del m.Queue.attributes; simulator.install_all()"
        ended = subprocess.run([sys.executable, "-c", code], cwd=SIMULATOR.parent, capture_output=True, text=True)
        self.assertEqual(ended.returncode, 1)
        self.assertIn("The patch `sqs-redrive` does not fit moto", ended.stderr)
        self.assertIn("has no `attributes`", ended.stderr)


class Answers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.process, cls.said = start()
        cls.addClassCleanup(stop, cls.process)

    def client(self, service: str):
        return boto3.client(
            service,
            region_name="us-east-1",
            endpoint_url=f"http://127.0.0.1:{self.said['port']}",
            aws_access_key_id="rehearsal",
            aws_secret_access_key="rehearsal",
        )

    def subnets(self) -> list[str]:
        return [each["SubnetId"] for each in self.client("ec2").describe_subnets()["Subnets"]][:2]

    def test_a_policy_that_wants_tls_refuses_nobody_here_and_any_other_does(self):
        s3 = self.client("s3")
        s3.create_bucket(Bucket="state")
        s3.put_object(Bucket="state", Key="a", Body=b"1")
        deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::state/*"}
        tls = {**deny, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
        s3.put_bucket_policy(Bucket="state", Policy=json.dumps({"Version": "2012-10-17", "Statement": [tls]}))
        self.assertEqual(s3.get_object(Bucket="state", Key="a")["Body"].read(), b"1")
        self.assertEqual(json.loads(s3.get_bucket_policy(Bucket="state")["Policy"])["Statement"], [tls])
        s3.put_bucket_policy(Bucket="state", Policy=json.dumps({"Version": "2012-10-17", "Statement": [deny]}))
        with self.assertRaises(s3.exceptions.ClientError):
            s3.get_object(Bucket="state", Key="a")

    def test_a_bucket_with_versions_and_delete_markers_is_emptied_and_goes(self):
        s3 = self.client("s3")
        s3.create_bucket(Bucket="states")
        s3.put_bucket_versioning(Bucket="states", VersioningConfiguration={"Status": "Enabled"})
        for key in ("state", "state", "lock"):
            s3.put_object(Bucket="states", Key=key, Body=b"1")
        s3.delete_object(Bucket="states", Key="lock")
        kept = s3.list_object_versions(Bucket="states")
        self.assertEqual([len(kept["Versions"]), len(kept["DeleteMarkers"])], [3, 1])
        every = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in kept["Versions"] + kept["DeleteMarkers"]]
        self.assertNotIn("Errors", s3.delete_objects(Bucket="states", Delete={"Objects": every}))
        s3.delete_bucket(Bucket="states")
        self.assertNotIn("states", [each["Name"] for each in s3.list_buckets()["Buckets"]])

    def test_it_says_which_moto_it_is(self):
        self.assertEqual(self.said["moto"], moto.__version__)

    def test_a_queue_says_its_redrive_policies_as_they_were_set(self):
        sqs = self.client("sqs")
        dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
        arn = "arn:aws:sqs:us-east-1:123456789012:dead"
        redrive = f'{{"deadLetterTargetArn":"{arn}","maxReceiveCount":5}}'
        url = sqs.create_queue(QueueName="live", Attributes={"RedrivePolicy": redrive})["QueueUrl"]
        allow = '{"redrivePermission":"byQueue","sourceQueueArns":["arn:aws:sqs:us-east-1:123456789012:live"]}'
        sqs.set_queue_attributes(QueueUrl=dead, Attributes={"RedriveAllowPolicy": allow})
        said = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        self.assertEqual(said["RedrivePolicy"], redrive)
        said = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["RedriveAllowPolicy"])["Attributes"]
        self.assertEqual(said["RedriveAllowPolicy"], allow)

    def test_a_queue_keeps_its_policy_when_another_attribute_is_set(self):
        sqs = self.client("sqs")
        url = sqs.create_queue(QueueName="kept")["QueueUrl"]
        statement = {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "60"})
        said = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        self.assertEqual(json.loads(said["Policy"]), json.loads(policy))
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
        said = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        self.assertNotIn("Policy", said)

    def test_a_scalable_target_has_tags(self):
        ecs, scaling = self.client("ecs"), self.client("application-autoscaling")
        ecs.create_cluster(clusterName="scaled")
        container = {"name": "api", "image": "api", "memory": 128}
        ecs.register_task_definition(family="api", containerDefinitions=[container])
        service = ecs.create_service(
            cluster="scaled",
            serviceName="api",
            taskDefinition="api",
            desiredCount=1,
            enableECSManagedTags=True,
            healthCheckGracePeriodSeconds=20,
            deploymentConfiguration={"maximumPercent": 200, "minimumHealthyPercent": 100},
        )["service"]
        self.assertTrue(service["enableECSManagedTags"])
        self.assertEqual(service["healthCheckGracePeriodSeconds"], 20)
        self.assertEqual(service["deploymentConfiguration"]["minimumHealthyPercent"], 100)
        arn = scaling.register_scalable_target(
            ServiceNamespace="ecs",
            ResourceId="service/scaled/api",
            ScalableDimension="ecs:service:DesiredCount",
            MinCapacity=1,
            MaxCapacity=2,
            Tags={"System": "ingest"},
        )["ScalableTargetARN"]
        scaling.tag_resource(ResourceARN=arn, Tags={"Environment": "dev"})
        scaling.untag_resource(ResourceARN=arn, TagKeys=["System"])
        self.assertEqual(scaling.list_tags_for_resource(ResourceARN=arn)["Tags"], {"Environment": "dev"})

    def test_codedeploy_keeps_configurations_and_alarms_and_deletes(self):
        deploy = self.client("codedeploy")
        deploy.create_application(applicationName="app", computePlatform="ECS")
        self.assertEqual(deploy.get_application(applicationName="app")["application"]["createTime"].year > 2000, True)
        routing = {"type": "TimeBasedCanary", "timeBasedCanary": {"canaryPercentage": 10, "canaryInterval": 5}}
        deploy.create_deployment_config(deploymentConfigName="canary", computePlatform="ECS", trafficRoutingConfig=routing)
        info = deploy.get_deployment_config(deploymentConfigName="canary")["deploymentConfigInfo"]
        self.assertEqual(info["trafficRoutingConfig"], routing)
        names = {"applicationName": "app", "deploymentGroupName": "group"}
        alarms = {"enabled": True, "alarms": [{"name": "api-5xx"}]}
        deploy.create_deployment_group(**names, serviceRoleArn=ROLE, alarmConfiguration=alarms)
        said = deploy.get_deployment_group(**names)["deploymentGroupInfo"]["alarmConfiguration"]
        self.assertEqual((said["enabled"], said["alarms"]), (True, [{"name": "api-5xx"}]))
        off = {"enabled": False, "alarms": []}
        deploy.update_deployment_group(
            applicationName="app", currentDeploymentGroupName="group", alarmConfiguration=off
        )
        said = deploy.get_deployment_group(**names)["deploymentGroupInfo"]["alarmConfiguration"]
        self.assertEqual(said["enabled"], False)
        deploy.delete_deployment_group(**names)
        with self.assertRaises(deploy.exceptions.DeploymentGroupDoesNotExistException):
            deploy.get_deployment_group(**names)
        deploy.delete_deployment_config(deploymentConfigName="canary")
        with self.assertRaises(deploy.exceptions.DeploymentConfigDoesNotExistException):
            deploy.get_deployment_config(deploymentConfigName="canary")

    def test_instances_differ_and_keep_their_monitoring(self):
        rds = self.client("rds")
        for name in ("one", "two"):
            rds.create_db_instance(
                DBInstanceIdentifier=name,
                DBInstanceClass="db.t4g.micro",
                Engine="postgres",
                MasterUsername="app",
                MasterUserPassword="throw-away",
                MonitoringInterval=60,
                EnablePerformanceInsights=True,
            )
        rds.modify_db_instance(DBInstanceIdentifier="two", CACertificateIdentifier="rds-ca-ecc384-g1")
        said = rds.describe_db_instances()["DBInstances"]
        authorities = {each["DBInstanceIdentifier"]: each["CACertificateIdentifier"] for each in said}
        self.assertEqual(authorities, {"one": "rds-ca-rsa2048-g1", "two": "rds-ca-ecc384-g1"})
        self.assertEqual(len({each["DbiResourceId"] for each in said}), 2)
        self.assertEqual({(each["MonitoringInterval"], each["PerformanceInsightsEnabled"]) for each in said}, {(60, True)})

    def test_documentdb_is_an_engine_and_only_serverless_clusters_scale(self):
        docdb = self.client("docdb")
        names = {"DBClusterIdentifier": "documents", "Engine": "docdb"}
        docdb.create_db_cluster(**names, MasterUsername="app", MasterUserPassword="throw-away")
        said = self.client("rds").describe_db_clusters(DBClusterIdentifier="documents")["DBClusters"][0]
        self.assertEqual((said["Engine"], said["Port"]), ("docdb", 27017))
        self.assertNotIn("ScalingConfigurationInfo", said)

    def test_a_replication_group_has_members_and_goes(self):
        cache = self.client("elasticache")
        names = {"CacheParameterGroupName": "cache-redis7", "CacheParameterGroupFamily": "redis7"}
        tags = [{"Key": "System", "Value": "tracker"}]
        made = cache.create_cache_parameter_group(**names, Description="of cache", Tags=tags)["CacheParameterGroup"]
        self.assertEqual(cache.list_tags_for_resource(ResourceName=made["ARN"])["TagList"], tags)
        changed = [{"ParameterName": "maxmemory-policy", "ParameterValue": "noeviction"}]
        cache.modify_cache_parameter_group(CacheParameterGroupName="cache-redis7", ParameterNameValues=changed)
        said = cache.describe_cache_parameters(CacheParameterGroupName="cache-redis7", Source="user")["Parameters"][0]
        self.assertEqual((said["ParameterName"], said["ParameterValue"]), ("maxmemory-policy", "noeviction"))
        group = cache.create_replication_group(
            ReplicationGroupId="cache",
            ReplicationGroupDescription="of the test",
            EngineVersion="7.1",
            NumCacheClusters=2,
            CacheParameterGroupName="cache-redis7",
        )["ReplicationGroup"]
        self.assertEqual(group["MemberClusters"], ["cache-001", "cache-002"])
        member = cache.describe_cache_clusters(CacheClusterId="cache-002")["CacheClusters"][0]
        self.assertEqual(member["EngineVersion"], "7.1.0")
        self.assertEqual(member["CacheParameterGroup"]["CacheParameterGroupName"], "cache-redis7")
        cache.modify_replication_group(ReplicationGroupId="cache", SnapshotRetentionLimit=7, ApplyImmediately=True)
        self.assertEqual(cache.describe_replication_groups()["ReplicationGroups"][0]["SnapshotRetentionLimit"], 7)
        cache.reset_cache_parameter_group(CacheParameterGroupName="cache-redis7", ParameterNameValues=changed)
        self.assertEqual(cache.describe_cache_parameters(CacheParameterGroupName="cache-redis7")["Parameters"], [])
        cache.delete_replication_group(ReplicationGroupId="cache")
        with self.assertRaises(cache.exceptions.ReplicationGroupNotFoundFault):
            cache.describe_replication_groups(ReplicationGroupId="cache")

    def test_a_cache_subnet_group_changes_and_goes(self):
        cache, name = self.client("elasticache"), {"CacheSubnetGroupName": "cache"}
        cache.create_cache_subnet_group(**name, CacheSubnetGroupDescription="of cache", SubnetIds=self.subnets()[:1])
        cache.modify_cache_subnet_group(**name, SubnetIds=self.subnets())
        said = cache.describe_cache_subnet_groups(**name)["CacheSubnetGroups"][0]
        self.assertEqual((said["CacheSubnetGroupDescription"], len(said["Subnets"])), ("of cache", 2))
        cache.delete_cache_subnet_group(**name)
        with self.assertRaises(cache.exceptions.CacheSubnetGroupNotFoundFault):
            cache.describe_cache_subnet_groups(**name)

    def test_a_rule_keeps_its_description_whatever_its_other_end_is(self):
        ec2 = self.client("ec2")
        vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
        one, two = (
            ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"] for name in ("one", "two")
        )
        listed = ec2.describe_managed_prefix_lists()["PrefixLists"][0]["PrefixListId"]
        for end in (
            {"UserIdGroupPairs": [{"GroupId": one, "Description": "a group"}]},
            {"PrefixListIds": [{"PrefixListId": listed, "Description": "a list"}]},
            {"IpRanges": [{"CidrIp": "10.0.0.0/16", "Description": "a range"}]},
        ):
            rule = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, **end}
            ec2.authorize_security_group_ingress(GroupId=two, IpPermissions=[rule])
        rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [two]}])["SecurityGroupRules"]
        said = {each["Description"] for each in rules if not each["IsEgress"]}
        self.assertEqual(said, {"a group", "a list", "a range"})

    def test_a_gateway_endpoint_takes_its_route_to_a_table_that_is_added(self):
        ec2 = self.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
        table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        made = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-east-1.s3", VpcEndpointType="Gateway")
        endpoint = made["VpcEndpoint"]["VpcEndpointId"]

        def gateways() -> list[str]:
            routes = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
            return [each["GatewayId"] for each in routes if "DestinationPrefixListId" in each]

        ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, AddRouteTableIds=[table])
        self.assertEqual(gateways(), [endpoint])
        ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, RemoveRouteTableIds=[table])
        self.assertEqual(gateways(), [])

    def test_eks_has_what_terraform_makes_in_a_cluster(self):
        eks = self.client("eks")
        cluster = eks.create_cluster(
            name="tracker",
            roleArn=ROLE,
            resourcesVpcConfig={"subnetIds": self.subnets()},
            accessConfig={"authenticationMode": "API"},
        )["cluster"]
        self.assertEqual(cluster["accessConfig"]["authenticationMode"], "API")
        self.assertRegex(cluster["resourcesVpcConfig"]["clusterSecurityGroupId"], "^sg-")
        eks.create_addon(clusterName="tracker", addonName="vpc-cni", addonVersion="v1")
        self.assertEqual(eks.describe_addon(clusterName="tracker", addonName="vpc-cni")["addon"]["status"], "ACTIVE")
        entry = {"clusterName": "tracker", "principalArn": ROLE}
        eks.create_access_entry(**entry)
        self.assertEqual(eks.describe_access_entry(**entry)["accessEntry"]["type"], "STANDARD")
        policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
        eks.associate_access_policy(**entry, policyArn=policy, accessScope={"type": "cluster"})
        said = eks.list_associated_access_policies(**entry)["associatedAccessPolicies"]
        self.assertEqual([each["policyArn"] for each in said], [policy])
        eks.disassociate_access_policy(**entry, policyArn=policy)
        self.assertEqual(eks.list_associated_access_policies(**entry)["associatedAccessPolicies"], [])
        pod = {"clusterName": "tracker", "namespace": "default", "serviceAccount": "api"}
        made = eks.create_pod_identity_association(**pod, roleArn=ROLE)["association"]
        listed = eks.list_pod_identity_associations(clusterName="tracker")["associations"]
        self.assertEqual([each["associationId"] for each in listed], [made["associationId"]])
        update = eks.update_addon(clusterName="tracker", addonName="vpc-cni", addonVersion="v2")["update"]
        said = eks.describe_update(name="tracker", addonName="vpc-cni", updateId=update["id"])["update"]
        self.assertEqual(said["status"], "Successful")
        self.assertEqual(eks.describe_addon(clusterName="tracker", addonName="vpc-cni")["addon"]["addonVersion"], "v2")
        eks.update_cluster_config(name="tracker", resourcesVpcConfig={"endpointPublicAccess": False})
        network = eks.describe_cluster(name="tracker")["cluster"]["resourcesVpcConfig"]
        self.assertEqual(network["endpointPublicAccess"], False)
        self.assertEqual(network["clusterSecurityGroupId"], cluster["resourcesVpcConfig"]["clusterSecurityGroupId"])
        eks.delete_addon(clusterName="tracker", addonName="vpc-cni")
        with self.assertRaises(eks.exceptions.ResourceNotFoundException):
            eks.describe_addon(clusterName="tracker", addonName="vpc-cni")


if __name__ == "__main__":
    unittest.main()
