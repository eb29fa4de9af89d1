import time, json
from tests.access.table import TABLE
from tests.access import walk as w
from tests.access.walk import routes, snapshot, walk
from tests.test_access import world  # noqa
spent = {}
def test_dbg(world):
    orig = w.visit
    def timed(browser, method, url, data=None):
        t = time.time(); c = time.process_time()
        a = orig(browser, method, url, data)
        k = ("%s %s" % (method, url))
        spent[k] = spent.get(k, 0) + time.process_time() - c
        return a
    w.visit = timed
    t0=time.time()
    report = walk(world, TABLE, [r for r in routes() if not r.pattern.startswith("admin")])
    with open("/tmp/walkjob/findings.txt", "w") as f:
        print(report.routes, report.visits, report.controls, time.time()-t0, file=f)
        print("\n".join(report.findings), file=f)
        for k, v in sorted(spent.items(), key=lambda x: -x[1])[:40]: print(round(v,2), k, file=f)
        print(sum(spent.values()), len(spent), file=f)
