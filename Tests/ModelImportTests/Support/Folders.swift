import Foundation
import TestSupport

/// Runs with the path of a folder that is removed when `body` ends.
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    try withTemporaryFolder { try body($0.path) }
}

func write(_ bytes: [UInt8], _ path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
}

func write(_ text: String, _ path: String) throws {
    try write(Array(text.utf8), path)
}

func contents(_ path: String) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(fileURLWithPath: path)))
}
