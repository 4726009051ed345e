/// A graphics processor, or a processor made for neural networks.
public struct Accelerator: Sendable, Equatable {
    public enum Kind: String, Sendable, Codable {
        case gpu
        case npu
    }

    public var kind: Kind
    public var name: String
    public var vendor: String
    /// The kernel's driver; `nil` where none has taken the device.
    public var driver: String?
    /// Its own memory in bytes; `nil` where it has none or does not tell.
    public var memoryBytes: Int?
    /// The file that programs use it by; `nil` where there is none.
    public var node: String?
    /// Whether this user may open that file.
    public var isUsable: Bool

    /// Those that the kernel lists, of the kinds that compute.
    static func all(_ files: SystemFiles) -> [Accelerator] {
        let cards = files.names("/sys/class/drm").filter {
            $0.hasPrefix("card") && $0.dropFirst(4).allSatisfy(\.isNumber)
        }
        let units = files.names("/sys/class/accel").filter { $0.hasPrefix("accel") }
        return cards.compactMap { gpu("/sys/class/drm/\($0)", files) }
            + units.compactMap { npu("/sys/class/accel/\($0)", node: "/dev/accel/\($0)", files) }
    }

    private static func gpu(_ card: String, _ files: SystemFiles) -> Accelerator? {
        let device = card + "/device"
        let render = files.names(device + "/drm").first { $0.hasPrefix("renderD") }
        // What cannot compute offers no render node, such as a server's console. NVIDIA's own driver has its own.
        guard let vendor = files.value(device + "/vendor") else { return nil }
        let slot = slot(device, files)
        let nvidia = slot.flatMap { files.text("/proc/driver/nvidia/gpus/\($0)/information") }
        guard render != nil || nvidia != nil else { return nil }
        let node = render.map { "/dev/dri/" + $0 }
        let model = nvidia?.split(separator: "\n").compactMap(\.field).first { $0.name == "Model" }?.value
        let vram = files.number(device + "/mem_info_vram_total")
        return Accelerator(
            kind: .gpu,
            name: model ?? files.value(device + "/product_name") ?? name(vendor, device, files, word: "GPU"),
            vendor: vendorName(vendor), driver: driver(device, files), memoryBytes: vram, node: node,
            isUsable: node.map(files.isUsable) ?? files.isUsable("/dev/nvidiactl"))
    }

    private static func npu(_ unit: String, node: String, _ files: SystemFiles) -> Accelerator? {
        let device = unit + "/device"
        guard let vendor = files.value(device + "/vendor") ?? files.value(device + "/uevent").map({ _ in "" }) else {
            return nil
        }
        return Accelerator(
            kind: .npu, name: name(vendor, device, files, word: "NPU"), vendor: vendorName(vendor),
            driver: driver(device, files), memoryBytes: nil, node: files.exists(node) ? node : nil,
            isUsable: files.isUsable(node))
    }

    /// The kernel's variables of a device, `NAME=value`.
    private static func variable(_ name: String, _ device: String, _ files: SystemFiles) -> String? {
        (files.text(device + "/uevent") ?? "").split(separator: "\n").first { $0.hasPrefix(name + "=") }
            .map { String($0.dropFirst(name.count + 1)) }
    }

    private static func driver(_ device: String, _ files: SystemFiles) -> String? { variable("DRIVER", device, files) }
    private static func slot(_ device: String, _ files: SystemFiles) -> String? {
        variable("PCI_SLOT_NAME", device, files)
    }

    /// The name in the list of PCI's devices that distributions carry, else what the numbers say.
    private static func name(_ vendor: String, _ device: String, _ files: SystemFiles, word: String) -> String {
        let number = files.value(device + "/device") ?? ""
        let lists = ["/usr/share/misc/pci.ids", "/usr/share/hwdata/pci.ids"].lazy.compactMap { files.text($0) }
        if let list = lists.first, let name = PCINames.name(vendor: vendor, device: number, in: list) {
            return "\(vendorName(vendor)) \(name)"
        }
        return number.isEmpty ? "\(vendorName(vendor)) \(word)" : "\(vendorName(vendor)) \(word) \(number)"
    }

    private static func vendorName(_ number: String) -> String {
        switch number.lowercased() {
        case "0x10de": "NVIDIA"
        case "0x1002", "0x1022": "AMD"
        case "0x8086": "Intel"
        case "0x106b": "Apple"
        case "0x17cb": "Qualcomm"
        case "0x1da3": "Habana"
        case "0x1af4": "virtio"
        case "": "unknown"
        default: "vendor \(number)"
        }
    }
}

/// The list `pci.ids`: vendors at a line's start, their devices one tab in.
enum PCINames {
    /// - Parameters:
    ///   - vendor: such as `0x8086`.
    ///   - device: such as `0x56a0`.
    static func name(vendor: String, device: String, in list: String) -> String? {
        let (vendor, device) = (vendor.dropFirst(2).lowercased(), device.dropFirst(2).lowercased())
        guard vendor.count == 4, device.count == 4 else { return nil }
        var isVendor = false
        for line in list.utf8.split(separator: UInt8(ascii: "\n")) {
            if line.first == UInt8(ascii: "\t") {
                guard isVendor, line.dropFirst().first != UInt8(ascii: "\t"), line.dropFirst().starts(with: device.utf8)
                else { continue }
                return String(decoding: line.dropFirst(5), as: UTF8.self).trimmed
            } else if line.first != UInt8(ascii: "#") {
                if isVendor { return nil }
                isVendor = line.starts(with: vendor.utf8)
            }
        }
        return nil
    }
}
