import Background
import Console
import Machine
import ModelStore
import Server

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Starts and stops the server of a home in the background.
struct ServerLife {
    /// A server listens within a tenth of a second; this is for machines that are hard at work.
    private static let patience = Duration.seconds(60)
    private static let pause = Duration.milliseconds(50)

    let surroundings: Surroundings
    let service: UserService

    init(_ surroundings: Surroundings) {
        self.surroundings = surroundings
        // Another home is another service.
        let isStandard = surroundings.home.root == surroundings.standardHome.root
        service = UserService(
            name: isStandard ? "dpais.service" : "dpais-\(surroundings.home.root.shortDigest).service",
            environment: surroundings.environment)
    }

    var log: String { surroundings.home.logs + "/server.log" }

    /// The server that lives; `nil` where none does.
    var holder: RecordFile.Holder? { surroundings.recordFile.holder() }

    /// Starts the server and waits until it answers.
    ///
    /// - Parameters:
    ///   - arguments: flags of `serve`.
    ///   - settings: as those flags make them.
    ///   - allowsSystemd: whether it may become a service of systemd's.
    /// - Throws: ``StartFailure``, or why the files of the home cannot be written.
    func start(_ arguments: [String], _ settings: Settings, allowsSystemd: Bool) async throws -> ServerRecord {
        try await checkPort(settings)
        try surroundings.makeHome()
        try LogRotation().rotate(log)
        // What was there before is not this start's.
        let before = FileManager.default.size(of: log)
        if allowsSystemd, await UserService.isAvailable() {
            try await service.install(unit(arguments, settings))
            try await service.restart()
            return try await answer(after: before) {
                await service.hasFailed() ? "systemd gave it up" : nil
            }
        }
        let process = try BackgroundProcess.start(
            surroundings.executable, arguments: ["serve", "--kept-by=background"] + arguments,
            environment: surroundings.environment.merging(["DPAIS_HOME": surroundings.home.root]) { $1 }, log: log)
        return try await answer(after: before) { process.end() }
    }

    /// Stops the server and waits for its end.
    ///
    /// - Parameters:
    ///   - isForced: whether running answers are cut off.
    ///   - waiting: called once where it takes longer than a moment.
    func stop(_ holder: RecordFile.Holder, isForced: Bool, grace: Duration, waiting: () -> Void) async throws {
        let process = pid_t(holder.process)
        guard process > 1 else { throw BackgroundError("The server runs in another container; stop it there.") }
        if isForced {
            kill(process, SIGKILL)
        } else if holder.record?.keeper == .systemd, service.isInstalled {
            waiting()
            try await service.stop()
        } else if kill(process, SIGTERM) != 0, errno == EPERM {
            throw BackgroundError("Process \(process) belongs to another user, who has to stop it.")
        }
        let begun = ContinuousClock.now
        var hasTold = false
        while self.holder?.process == holder.process {
            let waited = ContinuousClock.now - begun
            guard waited < grace + .seconds(10) else {
                throw BackgroundError(
                    "Process \(process) has not ended within \(waited.components.seconds) seconds. "
                        + "`dpais stop --force` ends it at once and cuts off its answers.")
            }
            if !hasTold, waited > .milliseconds(500), holder.record?.keeper != .systemd {
                hasTold = true
                waiting()
            }
            try await Task.sleep(for: Self.pause)
        }
        // It gives the file back as the last thing it does, but one.
        let released = ContinuousClock.now
        while ProcessMemory.read(of: holder.process) != nil, ContinuousClock.now - released < .seconds(5) {
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// - Throws: ``BackgroundError`` where a server of another home answers where this one is to listen.
    private func checkPort(_ settings: Settings) async throws {
        guard settings.port != 0 else { return }
        let base = APIClient.base(host: settings.host, port: settings.port)
        try await APIClient.connected(toBase: base) { client in
            guard (try? await client.health()) != nil else { return }
            throw BackgroundError(
                "A dpais server of another home, or of another user, answers at \(base) already. Use it as it is, or "
                    + "choose another port: dpais start --port 0.")
        }
    }

    private func unit(_ arguments: [String], _ settings: Settings) -> UnitFile {
        var environment = surroundings.environment.filter { name, _ in
            name.hasPrefix("DPAIS_") || ["PATH", "LD_LIBRARY_PATH", "XDG_DATA_HOME"].contains(name)
        }
        environment["DPAIS_HOME"] = surroundings.home.root
        return UnitFile(
            executable: surroundings.executable, arguments: ["serve", "--kept-by=systemd"] + arguments,
            environment: environment, log: log,
            stopTimeout: Int(settings.shutdownGrace.components.seconds) + 10)
    }

    /// Waits until the record says where the server listens.
    private func answer(after offset: Int, failed: () async -> String?) async throws -> ServerRecord {
        let begun = ContinuousClock.now
        while ContinuousClock.now - begun < Self.patience {
            if let record = holder?.record, record.address != nil { return record }
            if let reason = await failed() { throw StartFailure(reason: reason, log: log, offset: offset) }
            try await Task.sleep(for: Self.pause)
        }
        throw StartFailure(reason: "it does not answer", log: log, offset: offset)
    }
}

/// Why a server that was started does not answer, with what it said last.
struct StartFailure: Error, CustomStringConvertible {
    let description: String

    /// - Parameter offset: where in the log this start's lines begin.
    init(reason: String, log: String, offset: Int) {
        let bytes = FileManager.default.contents(atPath: log) ?? Data()
        let said = bytes.count > offset ? bytes[(bytes.startIndex + offset)...] : Data()
        let lines = String(decoding: said, as: UTF8.self).split(separator: "\n")
        // The error tells it all; the lines before it seldom do.
        let errors = lines.filter { $0.hasPrefix("error: ") }.map { $0.dropFirst("error: ".count) }
        if let last = errors.last {
            description = "The server did not start. \(last)"
        } else {
            let words = lines.suffix(5).map { "\n  \($0)" }.joined()
            description =
                "The server did not start: \(reason). "
                + (words.isEmpty
                    ? "It said nothing; `dpais serve` may show more." : "It said:\(words)\nAll of it: dpais logs")
        }
    }
}

extension FileManager {
    fileprivate func size(of path: String) -> Int {
        ((try? attributesOfItem(atPath: path))?[.size] as? Int) ?? 0
    }
}

extension String {
    /// Eight digits that tell paths apart (FNV-1a, 32 bits).
    fileprivate var shortDigest: String {
        let hash = utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
