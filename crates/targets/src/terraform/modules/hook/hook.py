"""Runs commands of the new version in ECS tasks when CodeDeploy calls a lifecycle hook, and answers with their outcome.

A task may run longer than a Lambda function, so nothing here waits. Three events come in:

- CodeDeploy calls the hook: a task for the first command is started, and a schedule that ends it when its time is up.
- ECS says that a task of this hook has stopped: after exit code 0 the next command's is started; after the last one
  CodeDeploy gets Succeeded, and after any other exit code Failed.
- The time is up: the task is stopped if it still runs, which ends in the event above.

Every step can be repeated: Lambda and EventBridge deliver at least once.
"""

import hashlib
import json
import os
import re
from datetime import datetime, timedelta, timezone

# The execution id is too long for a task's tags and its startedBy, so it travels in the environment of the task.
DEPLOYMENT = "CODEDEPLOY_DEPLOYMENT_ID"
EXECUTION = "CODEDEPLOY_HOOK_EXECUTION_ID"
STEP = "CODEDEPLOY_HOOK_STEP"


class Hook:
    def __init__(self, settings, codedeploy, ecs, scheduler, now):
        self.settings = settings
        self.codedeploy = codedeploy
        self.ecs = ecs
        self.scheduler = scheduler
        self.now = now

    def handle(self, event):
        if "LifecycleEventHookExecutionId" in event:
            return self.begin(event["DeploymentId"], event["LifecycleEventHookExecutionId"], 0)
        if event.get("detail-type") == "ECS Task State Change":
            return self.stopped(event["detail"]["taskArn"])
        return self.time_is_up(event["expired_task"])

    def begin(self, deployment, execution, step):
        """Starts the task of one command. What cannot be started fails the deployment now, not when CodeDeploy's hour is over."""
        task = None
        try:
            task = self.start(deployment, execution, step)
            self.limit(task, execution, step)
        except Exception as error:
            if task:
                self.stop(task, "it could not be given a limit")
            self.answer(deployment, execution, "Failed")
            return {"event": "failed to start", "deployment": deployment, "reason": str(error)}
        return {"event": "started", "deployment": deployment, "step": step, "task": task}

    def start(self, deployment, execution, step):
        answer = self.ecs.run_task(
            cluster=self.settings["CLUSTER"],
            taskDefinition=self.task_definition(deployment),
            launchType="FARGATE",
            count=1,
            clientToken=digest(execution, step),  # a second call gets the task of the first
            startedBy=self.settings["NAME"],  # the rule in main.tf listens for it
            networkConfiguration={
                "awsvpcConfiguration": {
                    "subnets": json.loads(self.settings["SUBNETS"]),
                    "securityGroups": json.loads(self.settings["SECURITY_GROUPS"]),
                    "assignPublicIp": "DISABLED",
                }
            },
            overrides={
                "containerOverrides": [
                    {
                        "name": self.settings["CONTAINER"],
                        "command": self.commands()[step],
                        "environment": [
                            *self.environment(),
                            {"name": DEPLOYMENT, "value": deployment},
                            {"name": EXECUTION, "value": execution},
                            {"name": STEP, "value": str(step)},
                        ],
                    }
                ]
            },
        )
        if not answer["tasks"]:
            raise RuntimeError("; ".join(failure.get("reason", "no reason given") for failure in answer["failures"]))
        return answer["tasks"][0]["taskArn"]

    def commands(self):
        return json.loads(self.settings["COMMANDS"])

    def environment(self):
        return [{"name": name, "value": value} for name, value in json.loads(self.settings["ENVIRONMENT"]).items()]

    def task_definition(self, deployment):
        """The task definition this deployment brings: the AppSpec, YAML or JSON, names its ARN."""
        revision = self.codedeploy.get_deployment(deploymentId=deployment)["deploymentInfo"]["revision"]
        app_spec = (revision.get("appSpecContent") or revision.get("string") or {}).get("content", "")
        family = re.escape(self.settings["FAMILY"])
        found = re.search(rf"arn:aws:ecs:[a-z0-9-]+:\d{{12}}:task-definition/{family}:\d+", app_spec)
        if not found:
            raise RuntimeError(f"the AppSpec names no task definition of {self.settings['FAMILY']}")
        return found.group()

    def limit(self, task, execution, step):
        end = self.now() + timedelta(minutes=int(self.settings["TIMEOUT_MINUTES"]))
        try:
            self.scheduler.create_schedule(
                GroupName=self.settings["NAME"],
                Name=digest(execution, step),
                ScheduleExpression=f"at({end:%Y-%m-%dT%H:%M:%S})",
                FlexibleTimeWindow={"Mode": "OFF"},
                ActionAfterCompletion="DELETE",
                Target={
                    "Arn": self.settings["FUNCTION"],
                    "RoleArn": self.settings["SCHEDULER_ROLE"],
                    "Input": json.dumps({"expired_task": task}),
                },
            )
        except self.scheduler.exceptions.ConflictException:
            pass  # the first call made it

    def stopped(self, arn):
        task = self.describe(arn)
        if task is None:
            return {"event": "forgotten", "task": arn}
        container = named(task["containers"], self.settings["CONTAINER"])
        override = named(task["overrides"]["containerOverrides"], self.settings["CONTAINER"])
        environment = {entry["name"]: entry["value"] for entry in override["environment"]}
        exit_code = container.get("exitCode")  # absent when the container never ran
        # A command that was told to stop may still leave with 0.
        by_itself = task.get("stopCode") == "EssentialContainerExited"
        status = "Succeeded" if by_itself and exit_code == 0 else "Failed"
        step = int(environment[STEP])
        if status == "Succeeded" and step + 1 < len(self.commands()):
            return self.begin(environment[DEPLOYMENT], environment[EXECUTION], step + 1)
        self.answer(environment[DEPLOYMENT], environment[EXECUTION], status)
        return {
            "event": "stopped",
            "deployment": environment[DEPLOYMENT],
            "step": step,
            "task": arn,
            "exit_code": exit_code,
            "status": status,
            "reason": container.get("reason") or task.get("stoppedReason"),
        }

    def time_is_up(self, arn):
        task = self.describe(arn)
        if task is None or task["lastStatus"] == "STOPPED":
            return {"event": "ended in time", "task": arn}
        self.stop(arn, f"it ran longer than {self.settings['TIMEOUT_MINUTES']} minutes")
        return {"event": "ended at its limit", "task": arn}

    def stop(self, arn, reason):
        self.ecs.stop_task(cluster=self.settings["CLUSTER"], task=arn, reason=reason)

    def describe(self, arn):
        """The task, or None once ECS has forgotten it, about an hour after it stopped."""
        tasks = self.ecs.describe_tasks(cluster=self.settings["CLUSTER"], tasks=[arn])["tasks"]
        return tasks[0] if tasks else None

    def answer(self, deployment, execution, status):
        try:
            self.codedeploy.put_lifecycle_event_hook_execution_status(
                deploymentId=deployment, lifecycleEventHookExecutionId=execution, status=status
            )
        except self.codedeploy.exceptions.LifecycleEventAlreadyCompletedException:
            pass  # answered before, or the deployment was stopped meanwhile


def named(items, name):
    return next(item for item in items if item["name"] == name)


def digest(execution, step):
    """64 characters, what RunTask's clientToken and a schedule's name may have."""
    return hashlib.sha256(f"{execution}/{step}".encode()).hexdigest()


def handler(event, context):
    import boto3

    hook = Hook(
        os.environ,
        boto3.client("codedeploy"),
        boto3.client("ecs"),
        boto3.client("scheduler"),
        lambda: datetime.now(timezone.utc),
    )
    print(json.dumps(hook.handle(event)))
