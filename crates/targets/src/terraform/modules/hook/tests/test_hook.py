"""python3 -m unittest discover -s tests"""

import json
import sys
import unittest
from datetime import datetime, timezone
from pathlib import Path
from unittest.mock import Mock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import hook
from package import MODULE, package

TASK = "arn:aws:ecs:us-east-1:123456789012:task/ingest-prod/7f3a"
FAMILY = "arn:aws:ecs:us-east-1:123456789012:task-definition/ingest-prod-api"
CALL = {"DeploymentId": "d-ABC", "LifecycleEventHookExecutionId": "execution" * 60}
STOPPED = {"detail-type": "ECS Task State Change", "detail": {"taskArn": TASK}}

SETTINGS = {
    "NAME": "ingest-prod-api-migrate",
    "CLUSTER": "arn:aws:ecs:us-east-1:123456789012:cluster/ingest-prod",
    "COMMANDS": '[["bin/migrate", "up"]]',
    "CONTAINER": "api",
    "ENVIRONMENT": '{"TEST_URL": "http://balancer.example.com:9000"}',
    "FAMILY": "ingest-prod-api",
    "SUBNETS": '["subnet-1", "subnet-2"]',
    "SECURITY_GROUPS": '["sg-1"]',
    "TIMEOUT_MINUTES": "20",
    "SCHEDULER_ROLE": "arn:aws:iam::123456789012:role/ingest-prod-api-migrate-limit",
    "FUNCTION": "arn:aws:lambda:us-east-1:123456789012:function:ingest-prod-api-migrate",
}


class Conflict(Exception):
    pass


class AlreadyCompleted(Exception):
    pass


def app_spec(task_definition):
    spec = {"Resources": [{"TargetService": {"Properties": {"TaskDefinition": task_definition}}}]}
    return {"deploymentInfo": {"revision": {"appSpecContent": {"content": json.dumps(spec)}}}}


def task(status="STOPPED", stop_code="EssentialContainerExited", step=0, **container):
    environment = [
        {"name": hook.DEPLOYMENT, "value": "d-ABC"},
        {"name": hook.EXECUTION, "value": CALL["LifecycleEventHookExecutionId"]},
        {"name": hook.STEP, "value": str(step)},
    ]
    return {
        "lastStatus": status,
        "stopCode": stop_code,
        "stoppedReason": "Essential container in task exited",
        "containers": [{"name": "proxy", "exitCode": 0}, {"name": "api", **container}],
        "overrides": {"containerOverrides": [{"name": "proxy"}, {"name": "api", "environment": environment}]},
    }


class HookTest(unittest.TestCase):
    def setUp(self):
        self.codedeploy, self.ecs, self.scheduler = Mock(), Mock(), Mock()
        self.codedeploy.exceptions.LifecycleEventAlreadyCompletedException = AlreadyCompleted
        self.codedeploy.get_deployment.return_value = app_spec(f"{FAMILY}:42")
        self.scheduler.exceptions.ConflictException = Conflict
        self.ecs.run_task.return_value = {"tasks": [{"taskArn": TASK}], "failures": []}
        noon = datetime(2025, 3, 1, 12, 0, tzinfo=timezone.utc)
        self.hook = hook.Hook(SETTINGS, self.codedeploy, self.ecs, self.scheduler, lambda: noon)

    def assert_answer(self, status):
        self.codedeploy.put_lifecycle_event_hook_execution_status.assert_called_once_with(
            deploymentId="d-ABC",
            lifecycleEventHookExecutionId=CALL["LifecycleEventHookExecutionId"],
            status=status,
        )

    def assert_no_answer(self):
        self.codedeploy.put_lifecycle_event_hook_execution_status.assert_not_called()

    def test_a_call_starts_the_command_in_the_new_version(self):
        line = self.hook.handle(CALL)
        run = self.ecs.run_task.call_args.kwargs
        container = run["overrides"]["containerOverrides"][0]
        self.assertEqual(line, {"event": "started", "deployment": "d-ABC", "step": 0, "task": TASK})
        self.assertEqual(run["taskDefinition"], f"{FAMILY}:42")
        self.assertEqual(run["cluster"], SETTINGS["CLUSTER"])
        self.assertEqual(run["startedBy"], SETTINGS["NAME"])
        self.assertEqual((container["name"], container["command"]), ("api", ["bin/migrate", "up"]))
        self.assertEqual(
            {entry["name"]: entry["value"] for entry in container["environment"]},
            {
                "TEST_URL": "http://balancer.example.com:9000",
                hook.DEPLOYMENT: "d-ABC",
                hook.EXECUTION: CALL["LifecycleEventHookExecutionId"],
                hook.STEP: "0",
            },
        )
        self.assertEqual(
            run["networkConfiguration"]["awsvpcConfiguration"],
            {"subnets": ["subnet-1", "subnet-2"], "securityGroups": ["sg-1"], "assignPublicIp": "DISABLED"},
        )
        self.assert_no_answer()

    def test_a_call_sets_the_limit(self):
        self.hook.handle(CALL)
        schedule = self.scheduler.create_schedule.call_args.kwargs
        self.assertEqual(schedule["ScheduleExpression"], "at(2025-03-01T12:20:00)")
        self.assertEqual(schedule["ActionAfterCompletion"], "DELETE")
        self.assertEqual(schedule["GroupName"], SETTINGS["NAME"])
        self.assertEqual(schedule["Target"]["Arn"], SETTINGS["FUNCTION"])
        self.assertEqual(json.loads(schedule["Target"]["Input"]), {"expired_task": TASK})

    def test_a_repeated_call_names_the_same_task_and_the_same_schedule(self):
        self.hook.handle(CALL)
        self.scheduler.create_schedule.side_effect = Conflict
        self.assertEqual(self.hook.handle(CALL)["event"], "started")
        first, second = (call.kwargs for call in self.ecs.run_task.call_args_list)
        self.assertEqual(first, second)
        self.assertEqual(len(first["clientToken"]), 64)
        names = {call.kwargs["Name"] for call in self.scheduler.create_schedule.call_args_list}
        self.assertEqual(names, {first["clientToken"]})
        self.assert_no_answer()

    def test_the_app_spec_may_be_yaml(self):
        content = f"Properties:\n  TaskDefinition: \"{FAMILY}:7\"\n"
        revision = {"revisionType": "String", "string": {"content": content}}
        self.codedeploy.get_deployment.return_value = {"deploymentInfo": {"revision": revision}}
        self.hook.handle(CALL)
        self.assertEqual(self.ecs.run_task.call_args.kwargs["taskDefinition"], f"{FAMILY}:7")

    def test_another_family_fails_the_deployment(self):
        self.codedeploy.get_deployment.return_value = app_spec(f"{FAMILY}-worker:42")
        line = self.hook.handle(CALL)
        self.assertEqual(line["reason"], "the AppSpec names no task definition of ingest-prod-api")
        self.ecs.run_task.assert_not_called()
        self.assert_answer("Failed")

    def test_a_task_that_cannot_be_placed_fails_the_deployment(self):
        self.ecs.run_task.return_value = {"tasks": [], "failures": [{"reason": "RESOURCE:FARGATE"}]}
        self.assertEqual(self.hook.handle(CALL)["reason"], "RESOURCE:FARGATE")
        self.assert_answer("Failed")

    def test_a_task_without_a_limit_is_not_left_running(self):
        self.scheduler.create_schedule.side_effect = RuntimeError("throttled")
        self.assertEqual(self.hook.handle(CALL)["reason"], "throttled")
        self.assertEqual(self.ecs.stop_task.call_args.kwargs["task"], TASK)
        self.assert_answer("Failed")

    def test_exit_code_zero_succeeds(self):
        self.ecs.describe_tasks.return_value = {"tasks": [task(exitCode=0)]}
        self.assertEqual(self.hook.handle(STOPPED)["status"], "Succeeded")
        self.assert_answer("Succeeded")

    def test_the_next_command_follows_one_that_succeeded(self):
        self.hook.settings = {**SETTINGS, "COMMANDS": '[["bin/migrate", "up"], ["bin/announce"]]'}
        self.hook.handle(CALL)
        self.ecs.describe_tasks.return_value = {"tasks": [task(exitCode=0)]}
        self.assertEqual(self.hook.handle(STOPPED)["step"], 1)
        first, second = (call.kwargs for call in self.ecs.run_task.call_args_list)
        self.assertEqual(second["overrides"]["containerOverrides"][0]["command"], ["bin/announce"])
        self.assertNotEqual(first["clientToken"], second["clientToken"])
        self.assert_no_answer()
        self.ecs.describe_tasks.return_value = {"tasks": [task(step=1, exitCode=0)]}
        self.hook.handle(STOPPED)
        self.assert_answer("Succeeded")

    def test_no_command_follows_one_that_failed(self):
        self.hook.settings = {**SETTINGS, "COMMANDS": '[["bin/migrate", "up"], ["bin/announce"]]'}
        self.ecs.describe_tasks.return_value = {"tasks": [task(exitCode=1)]}
        self.assertEqual(self.hook.handle(STOPPED)["status"], "Failed")
        self.ecs.run_task.assert_not_called()
        self.assert_answer("Failed")

    def test_any_other_exit_code_fails(self):
        self.ecs.describe_tasks.return_value = {"tasks": [task(exitCode=3)]}
        line = self.hook.handle(STOPPED)
        self.assertEqual((line["exit_code"], line["reason"]), (3, "Essential container in task exited"))
        self.assert_answer("Failed")

    def test_a_command_that_was_stopped_fails_whatever_its_exit_code(self):
        self.ecs.describe_tasks.return_value = {"tasks": [task(stop_code="UserInitiated", exitCode=0)]}
        self.assertEqual(self.hook.handle(STOPPED)["status"], "Failed")
        self.assert_answer("Failed")

    def test_a_task_that_ecs_has_forgotten_is_past_answering(self):
        self.ecs.describe_tasks.return_value = {"tasks": []}
        self.assertEqual(self.hook.handle(STOPPED)["event"], "forgotten")
        self.assert_no_answer()

    def test_a_container_that_never_ran_fails(self):
        self.ecs.describe_tasks.return_value = {"tasks": [task(reason="CannotPullContainerError")]}
        self.assertEqual(self.hook.handle(STOPPED)["reason"], "CannotPullContainerError")
        self.assert_answer("Failed")

    def test_an_answer_given_before_is_no_error(self):
        self.codedeploy.put_lifecycle_event_hook_execution_status.side_effect = AlreadyCompleted
        self.ecs.describe_tasks.return_value = {"tasks": [task(exitCode=0)]}
        self.assertEqual(self.hook.handle(STOPPED)["event"], "stopped")

    def test_a_task_past_its_time_is_stopped(self):
        self.ecs.describe_tasks.return_value = {"tasks": [task(status="RUNNING")]}
        self.assertEqual(self.hook.handle({"expired_task": TASK})["event"], "ended at its limit")
        self.ecs.stop_task.assert_called_once_with(
            cluster=SETTINGS["CLUSTER"], task=TASK, reason="it ran longer than 20 minutes"
        )
        self.assert_no_answer()

    def test_a_task_that_ended_in_time_is_left_alone(self):
        for tasks in ([task(exitCode=0)], []):
            self.ecs.describe_tasks.return_value = {"tasks": tasks}
            self.assertEqual(self.hook.handle({"expired_task": TASK})["event"], "ended in time")
        self.ecs.stop_task.assert_not_called()

    def test_the_log_line_never_holds_the_execution_id(self):
        self.ecs.describe_tasks.return_value = {"tasks": [task(exitCode=0)]}
        for event in (CALL, STOPPED, {"expired_task": TASK}):
            self.assertNotIn(CALL["LifecycleEventHookExecutionId"], json.dumps(self.hook.handle(event)))


class PackageTest(unittest.TestCase):
    def test_the_package_is_the_source(self):
        self.assertEqual((MODULE / "hook.zip").read_bytes(), package(), "run python3 tests/package.py")


if __name__ == "__main__":
    unittest.main()
