import Crypto

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension Home {
    /// `sockaddr_un.sun_path` holds 104 bytes on macOS and 108 on Linux, a final zero among them.
    private static let longestSocketPath = 103
    /// Bytes that the name of a socket may have; a longer one is shortened.
    private static let longestSocketName = 40

    static func runFolder(root: String, runtimeFolder: String?) -> String {
        func fits(_ folder: String) -> Bool {
            folder.utf8.count + 1 + longestSocketName <= longestSocketPath
        }
        // The specification has relative paths ignored.
        if let runtimeFolder, runtimeFolder.hasPrefix("/"), fits(runtimeFolder + "/dpais") {
            return runtimeFolder + "/dpais"
        }
        return fits(root + "/run") ? root + "/run" : "/tmp/dpais-\(geteuid())"
    }

    /// Where the socket of this name goes: always short enough for a Unix socket's address. A long name is cut and
    /// told apart by its digest, so the same name gives the same path.
    public func socketPath(_ name: String) -> String {
        guard name.utf8.count > Home.longestSocketName else { return run + "/" + name }
        let digest = SHA256.hash(data: Array(name.utf8)).prefix(8).hexadecimal
        let start = String(decoding: name.utf8.prefix(Home.longestSocketName - 17), as: UTF8.self)
        return run + "/" + start + "-" + digest
    }

    /// Makes the folder for sockets, or checks the one that is there: a real folder that only this user may enter. In
    /// `/tmp` another user could have made it first and would hold every socket in it.
    ///
    /// - Throws: ``FileError`` where it cannot be made, or is not this user's alone.
    public func prepareRunFolder() throws(FileError) {
        let parent = run.parentFolder
        if parent != "/tmp" { try makeFolder(parent) }
        if mkdir(run, 0o700) == 0 { return }
        guard errno == EEXIST else { throw FileError("make the folder for sockets", path: run, code: errno) }
        var information = stat()
        guard lstat(run, &information) == 0 else { throw FileError("read", path: run, code: errno) }
        guard information.st_mode & S_IFMT == S_IFDIR, information.st_uid == geteuid() else {
            throw FileError(
                "\(run) should be a folder of yours for sockets, but it is not, or belongs to another user. Remove it, "
                    + "or name another home by DPAIS_HOME.")
        }
        guard information.st_mode & 0o077 != 0 else { return }
        guard chmod(run, 0o700) == 0 else { throw FileError("close to others", path: run, code: errno) }
    }
}
