"""The floor: the stock engine steps through the six tasks in memory, then with its serializer."""

import json
import sys
import time

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

CASES = 60


def main(path: str) -> None:
    """Print seconds of processor time for each step, without and with saving."""
    parser = BpmnParser()
    parser.add_bpmn_file(path)
    spec = parser.get_spec("supervision_brief")
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
    print(json.dumps({"memory": run(spec), "saved": run(spec, serializer)}))


def run(spec, serializer=None):
    """Every step of so many cases."""
    costs = []
    for _case in range(CASES):
        workflow = BpmnWorkflow(spec)
        workflow.do_engine_steps()
        while not workflow.is_completed():
            stored = serializer and serializer.serialize_json(workflow)
            began = time.process_time()
            if serializer:
                workflow = serializer.deserialize_json(stored)
            workflow.get_next_task(state=TaskState.READY, manual=True).run()
            workflow.do_engine_steps()
            if serializer:
                serializer.serialize_json(workflow)
            costs.append(time.process_time() - began)
    return costs


if __name__ == "__main__":
    main(sys.argv[1])
