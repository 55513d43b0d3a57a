import { expect, it } from "vitest";
import { hypervisorOf } from "./hypervisor.ts";
import type { HypervisorTraces } from "./hypervisor.ts";

const real = {
  type: null,
  firmware: "Dell Inc. PowerEdge R640",
  clockSources: "tsc hpet acpi_pm",
  processors: "processor\t: 0\nflags\t\t: fpu vme de\n",
};

it.each<[string | null, string, Partial<HypervisorTraces>]>([
  ["none", "a real machine", {}],
  ["KVM", "the firmware of QEMU", { firmware: "QEMU Standard PC (Q35 + ICH9, 2009)" }],
  ["KVM", "the clock of KVM's guests", { firmware: " ", clockSources: "tsc kvm-clock" }],
  ["Hyper-V", "the firmware of Hyper-V", { firmware: "Microsoft Corporation Virtual Machine" }],
  ["none", "a laptop of the same vendor", { firmware: "Microsoft Corporation Surface Book" }],
  ["Xen", "the kernel's own word", { type: "xen\n", firmware: "Amazon EC2 m4.large" }],
  ["KVM (Amazon EC2)", "a cloud's firmware", { firmware: "Amazon EC2 m5.large" }],
  ["none", "a cloud's bare machine", { firmware: "Amazon EC2 m5.metal" }],
  ["unnamed", "nothing but a flag", { processors: "flags\t\t: fpu hypervisor lahf_lm\n" }],
  [null, "a processor without flags", { processors: "processor\t: 0\nBogoMIPS\t: 50.00\n" }],
  [null, "a system that tells nothing", { firmware: " ", clockSources: null, processors: null }],
])("the hypervisor is %s by %s", (name, _traces, overrides) => {
  expect(hypervisorOf({ ...real, ...overrides })).toBe(name);
});
