import Machine
import TestSupport
import Testing

/// A system's files in a folder of the test's own.
private struct FakeSystem {
    private let folder: TemporaryFolder

    init(_ files: [String: String]) throws {
        folder = try TemporaryFolder()
        for (path, text) in files { try folder.write(String(path.dropFirst()), text) }
    }

    func read(threads: Int = 4) -> Hardware { Hardware.read(root: folder.path, threads: threads) }
}

@Suite("Hardware")
struct HardwareTests {
    private static let xeon = """
        processor\t: 0
        model name\t: Some(R) Processor
        physical id\t: 0
        core id\t\t: 0
        flags\t\t: fpu sse4_2 avx f16c fma bmi2 avx2 avx512f avx512cd avx512vl avx512dq avx512bw avx512_vnni

        processor\t: 1
        model name\t: Some(R) Processor
        physical id\t: 0
        core id\t\t: 0
        flags\t\t: fpu sse4_2 avx f16c fma bmi2 avx2 avx512f avx512cd avx512vl avx512dq avx512bw avx512_vnni

        processor\t: 2
        model name\t: Some(R) Processor
        physical id\t: 1
        core id\t\t: 0
        flags\t\t: fpu sse4_2 avx

        """
    private static let memory = "MemTotal:       16000000 kB\nMemFree:  1 kB\nMemAvailable:   12000000 kB\n"

    @Test("A processor is told by its name, cores and instruction sets")
    func processor() throws {
        let system = try FakeSystem(["/proc/cpuinfo": Self.xeon, "/proc/meminfo": Self.memory])
        let found = system.read().processor
        #expect(found.name == "Some(R) Processor")
        #expect(found.cores == 2 && found.threads == 4)
        #expect(
            found.instructionSets.map(\.name)
                == ["SSE4.2", "AVX", "F16C", "FMA", "BMI2", "AVX2", "AVX512", "AVX512_VNNI"])
        #expect(system.read().memory == MemorySize(total: 16_000_000 << 10, available: 12_000_000 << 10))
    }

    @Test("An Arm processor has its own sets")
    func arm() throws {
        let text =
            "processor\t: 0\nFeatures\t: fp asimd fphp asimdhp asimddp i8mm\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n"
        let found = try FakeSystem(["/proc/cpuinfo": text]).read().processor
        #expect(found.name == "Arm, implementer 0x41, part 0xd0c" && found.cores == 1)
        #expect(found.instructionSets.map(\.name) == ["NEON", "FP16", "DOTPROD", "I8MM"])
    }

    @Test("A system that tells nothing is no error")
    func nothing() throws {
        let found = try FakeSystem(["/x": ""]).read(threads: 0)
        #expect(found.processor.name == "unknown" && found.processor.threads == 1 && found.accelerators.isEmpty)
    }

    @Test("The least limit of the control groups counts, in both versions")
    func limits() throws {
        let second = try FakeSystem([
            "/proc/meminfo": Self.memory, "/proc/self/cgroup": "0::/user/me\n",
            "/sys/fs/cgroup/user/memory.max": "3000000000\n", "/sys/fs/cgroup/user/me/memory.max": "max\n",
            "/sys/fs/cgroup/user/me/cpu.max": "150000 100000\n",
        ]).read()
        #expect(second.memory.limit == 3_000_000_000 && second.processor.limit == 1.5)
        let first = try FakeSystem([
            "/proc/meminfo": Self.memory, "/proc/self/cgroup": "5:memory:/box\n3:cpu,cpuacct:/box\n0::/\n",
            "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
            "/sys/fs/cgroup/memory/box/memory.limit_in_bytes": "2000000000\n",
            "/sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_quota_us": "-1\n",
        ]).read()
        #expect(first.memory.limit == 2_000_000_000 && first.processor.limit == nil)
    }

    @Test("Graphics and neural processors are found by the kernel's files alone")
    func accelerators() throws {
        let found = try FakeSystem([
            "/sys/class/drm/card0/device/vendor": "0x8086\n", "/sys/class/drm/card0/device/device": "0x56a0\n",
            "/sys/class/drm/card0/device/uevent": "DRIVER=xe\nPCI_SLOT_NAME=0000:03:00.0\n",
            "/sys/class/drm/card0/device/drm/renderD128/x": "", "/dev/dri/renderD128": "",
            "/sys/class/drm/card0-HDMI-A-1/status": "connected\n",
            "/sys/class/drm/card1/device/vendor": "0x1a03\n", "/sys/class/drm/card1/device/device": "0x2000\n",
            "/sys/class/drm/card2/device/vendor": "0x10de\n", "/sys/class/drm/card2/device/device": "0x2684\n",
            "/sys/class/drm/card2/device/uevent": "DRIVER=nvidia\nPCI_SLOT_NAME=0000:01:00.0\n",
            "/proc/driver/nvidia/gpus/0000:01:00.0/information": "Model: \t\t NVIDIA GeForce RTX 4090\nIRQ: 1\n",
            "/sys/class/accel/accel0/device/vendor": "0x8086\n", "/sys/class/accel/accel0/device/device": "0x7d1d\n",
            "/sys/class/accel/accel0/device/uevent": "DRIVER=intel_vpu\n",
            "/usr/share/misc/pci.ids":
                "# list\n10de  NVIDIA\n\t56a0  Wrong\n8086  Intel Corporation\n\t56a0  DG2 [Arc A770]\n\t\t1234 5678  Sub\nffff  Z\n",
        ]).read()
        #expect(found.gpus.map(\.name) == ["Intel DG2 [Arc A770]", "NVIDIA GeForce RTX 4090"])
        #expect(found.gpus.map(\.driver) == ["xe", "nvidia"] && found.gpus[0].isUsable)
        #expect(found.npus.map(\.name) == ["Intel NPU 0x7d1d"] && !found.npus[0].isUsable)
        let uses = EngineUse.all(found)
        #expect(uses.first { $0.engine == .openvino }?.devices.contains("the GPU or the NPU") == true)
    }
}
