import { read } from "./files.ts";

/** Texts of files that distinguish a guest from a real machine; null where there is no such file. */
export interface HypervisorTraces {
  /** `/sys/hypervisor/type` */
  readonly type: string | null;
  /** Vendor and product, as the firmware names them. */
  readonly firmware: string | null;
  /** Every clock source that the kernel could use. */
  readonly clockSources: string | null;
  /** `/proc/cpuinfo` */
  readonly processors: string | null;
}

/** How hypervisors show: in the firmware's names, or in a clock that only their guests have. */
const signs: readonly (readonly [RegExp, string])[] = [
  [/kvm|qemu/i, "KVM"],
  [/hyperv|microsoft corporation virtual/i, "Hyper-V"],
  [/vmware/i, "VMware"],
  [/virtualbox|innotek/i, "VirtualBox"],
  [/xen/i, "Xen"],
  [/google compute engine/i, "KVM (Google Compute Engine)"],
  // Its bare machines have the same vendor, and `metal` in the product's name.
  [/amazon ec2(?!.*metal)/i, "KVM (Amazon EC2)"],
  [/parallels/i, "Parallels"],
  [/apple.*virtual/i, "Apple Virtualization"],
];

/** The hypervisor's name, `unnamed` for one that doesn't say, `none` on a real machine, null if unknown. */
export function hypervisorOf({
  type,
  firmware,
  clockSources,
  processors,
}: HypervisorTraces): string | null {
  for (const trace of [type, firmware, clockSources]) {
    const found = signs.find(([sign]) => sign.test(trace ?? ""));
    if (found !== undefined) return found[1];
  }
  // Only processors of the x86 family have flags, and among them this one.
  const flags = /^flags\s*:(.*)$/m.exec(processors ?? "")?.[1]?.split(" ");
  if (flags === undefined) return null;
  return flags.includes("hypervisor") ? "unnamed" : "none";
}

export function hypervisor(): string | null {
  const firmware = ["sys_vendor", "product_name"].map((name) => read(`/sys/class/dmi/id/${name}`));
  return hypervisorOf({
    type: read("/sys/hypervisor/type"),
    firmware: firmware.map((text) => text?.trim() ?? "").join(" "),
    clockSources: read("/sys/devices/system/clocksource/clocksource0/available_clocksource"),
    processors: read("/proc/cpuinfo"),
  });
}
