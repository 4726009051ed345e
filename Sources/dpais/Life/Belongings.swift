import ModelStore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What dpais keeps in its home, by name: a home may be a folder that holds other things too.
struct Belongings {
    private static let names = [
        "config.json", "server.json", "logs", "run", "cache", "uploads", "catalogues", "performance",
    ]

    private let home: Home
    private let names: [String]

    init(_ home: Home, withModels: Bool) {
        self.home = home
        names = Self.names + (withModels ? ["models"] : [])
    }

    /// The paths of those that are there.
    var present: [String] {
        let inHome = names.map { home.root + "/" + $0 }
        // Sockets may be where the system has its own place for them.
        let paths = inHome + (inHome.contains(home.run) ? [] : [home.run])
        return paths.filter { (try? FileManager.default.attributesOfItem(atPath: $0)) != nil }
    }

    /// A link is removed, never what it points to.
    func remove() throws {
        for path in present {
            do {
                try FileManager.default.removeItem(atPath: path)
            } catch {
                throw Told("\(path) could not be removed. Check whose it is, and give the command again.")
            }
        }
        // Only one that is empty goes.
        if rest().isEmpty { rmdir(home.root) }
    }

    /// What is left in the home.
    func rest() -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: home.root)) ?? []).sorted().map { home.root + "/" + $0 }
    }
}
