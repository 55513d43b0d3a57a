import { describe, expect, it } from "vitest";
import { quotaOf, groupsOf, throttledMsIn } from "./cgroup.ts";

const lines = (...text: string[]): string => `${text.join("\n")}\n`;

describe("the folders of this process's control groups", () => {
  it("are, in version 2, its own and all above it", () => {
    const mounts = lines("30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate");
    expect(groupsOf("cpu", "0::/user.slice/ci.scope\n", mounts)).toEqual({
      version: 2,
      folders: [
        "/sys/fs/cgroup/user.slice/ci.scope",
        "/sys/fs/cgroup/user.slice",
        "/sys/fs/cgroup",
      ],
    });
  });

  it("are the mounted one alone in a container that sees its group as the topmost", () => {
    const mounts = lines("812 800 0:26 / /sys/fs/cgroup ro - cgroup2 cgroup rw");
    expect(groupsOf("memory", "0::/\n", mounts)?.folders).toEqual(["/sys/fs/cgroup"]);
    expect(groupsOf("memory", "0::/../other\n", mounts)?.folders).toEqual(["/sys/fs/cgroup"]);
  });

  it("are, in version 1, those of the hierarchy that has the controller", () => {
    const membership = lines("4:memory:/job/1", "3:cpu,cpuacct:/job", "0::/");
    const mounts = lines(
      "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct",
      "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory",
      "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw",
    );
    expect(groupsOf("cpu", membership, mounts)).toEqual({
      version: 1,
      folders: ["/sys/fs/cgroup/cpu,cpuacct/job", "/sys/fs/cgroup/cpu,cpuacct"],
    });
    expect(groupsOf("memory", membership, mounts)?.folders).toHaveLength(3);
    // What version 1 doesn't have, version 2 beside it has.
    expect(groupsOf("io", membership, mounts)?.version).toBe(2);
  });

  it("leave out what a container's path has above the part that is mounted", () => {
    const mounts = lines("32 31 0:29 /docker/af /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu");
    const folders = (path: string): readonly string[] | undefined =>
      groupsOf("cpu", `3:cpu:${path}\n`, mounts)?.folders;
    expect(folders("/docker/af")).toEqual(["/sys/fs/cgroup/cpu"]);
    expect(folders("/docker/af/inner")).toEqual(["/sys/fs/cgroup/cpu/inner", "/sys/fs/cgroup/cpu"]);
  });

  it("are unknown where nothing is told", () => {
    expect(groupsOf("cpu", "", "")).toBeNull();
    expect(groupsOf("cpu", "0::/\n", "")).toBeNull();
  });
});

it.each([
  ["150000", "100000", 1.5],
  ["max", "100000", null],
  ["-1", "100000", null],
  ["", "", null],
])("a quota of %s in each %s is %s processors", (quota, period, cores) => {
  expect(quotaOf(quota, period)).toBe(cores);
});

describe("the time that groups were kept from running", () => {
  it("is in microseconds in version 2, and in nanoseconds in version 1", () => {
    expect(throttledMsIn(lines("usage_usec 9", "nr_throttled 2", "throttled_usec 2500"))).toBe(2.5);
    expect(throttledMsIn(lines("nr_throttled 2", "throttled_time 2500000"))).toBe(2.5);
  });

  it("is none where there is no limit to keep to", () => {
    expect(throttledMsIn(lines("usage_usec 163499340", "user_usec 121064038"))).toBe(0);
  });
});
