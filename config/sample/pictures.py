"""The studio of the sample run: some shots drawn a second time to compare, and what was measured.

All of it waits until the run itself has ended; the sweeper starts it then.
"""

from generation.models import FrameJob, Run, StudioTask

COMPARED = (2, 6, 11)
FORM = "sample"


def load_pictures(run: Run) -> None:
    FrameJob.objects.create(
        run=run, token=FORM, shots=list(COMPARED), engine="sketch-line", beside=True,
        total=len(COMPARED), is_sample=True,
    )  # fmt: skip
    # Reading looks back from the pixels takes minutes of a core: whoever wants it asks for it.
    likeness = StudioTask.Kind.LIKENESS
    StudioTask.objects.create(run=run, token=f"sample-{likeness}", kind=likeness)
