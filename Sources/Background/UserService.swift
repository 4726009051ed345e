import Subprocess

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// The server as a service of the user's own systemd.
public struct UserService: Sendable {
    /// The unit's name, such as `dpais.service`.
    public let name: String
    /// Where its description lies.
    public let file: String

    /// - Parameters:
    ///   - name: the unit's name.
    ///   - environment: of the process; it says where the user's configuration is.
    public init(name: String, environment: [String: String]) {
        let own = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        self.name = name
        file = (own ?? (environment["HOME"] ?? "/") + "/.config") + "/systemd/user/" + name
    }

    /// Whether this user has a systemd that answers.
    public static func isAvailable() async -> Bool {
        await (try? systemctl("show-environment"))?.isSuccess == true
    }

    public var isInstalled: Bool { FileManager.default.fileExists(atPath: file) }

    /// Whether systemd has it running or starting.
    public func isActive() async -> Bool {
        let state = try? await Self.systemctl("is-active", name)
        return state.map { $0.isSuccess || $0.output == "activating" } ?? false
    }

    /// Whether systemd has given it up.
    public func hasFailed() async -> Bool {
        (try? await Self.systemctl("is-failed", name))?.isSuccess ?? false
    }

    /// Writes the description, and tells systemd of it.
    ///
    /// - Throws: ``BackgroundError``.
    public func install(_ unit: UnitFile) async throws {
        let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(unit.text.utf8).write(to: URL(filePath: file), options: .atomic)
        } catch {
            throw BackgroundError("Could not write \(file). Check that the folder is yours, or use --no-systemd.")
        }
        try await order("daemon-reload")
    }

    public func start() async throws { try await order("start", name) }
    public func restart() async throws { try await order("restart", name) }
    /// Returns when it has ended.
    public func stop() async throws { try await order("stop", name) }

    /// Takes the service away; it is no error where there is none.
    public func uninstall() async throws {
        guard isInstalled else { return }
        _ = try? await Self.systemctl("disable", name)
        do {
            try FileManager.default.removeItem(atPath: file)
        } catch {
            throw BackgroundError("Could not remove \(file).")
        }
        _ = try? await Self.systemctl("daemon-reload")
    }

    private func order(_ words: String...) async throws {
        let result = try await Self.systemctl(words)
        guard !result.isSuccess else { return }
        throw BackgroundError(
            "systemctl --user \(words.joined(separator: " ")) failed: \(result.output) "
                + "`journalctl --user -u \(name)` may say more; --no-systemd does without systemd.")
    }

    private struct Answer {
        var isSuccess: Bool
        var output: String
    }

    private static func systemctl(_ words: String...) async throws -> Answer { try await systemctl(words) }

    private static func systemctl(_ words: [String]) async throws -> Answer {
        do {
            let result = try await Subprocess.run(
                .name("systemctl"), arguments: Arguments(["--user"] + words), output: .string(limit: 1 << 20),
                error: .string(limit: 1 << 20))
            let said = result.standardError.isEmpty ? result.standardOutput : result.standardError
            return Answer(
                isSuccess: result.terminationStatus.isSuccess,
                output: said.split(separator: "\n").joined(separator: " "))
        } catch let error as SubprocessError {
            throw BackgroundError("systemctl could not be run: \(error.description)")
        }
    }
}
