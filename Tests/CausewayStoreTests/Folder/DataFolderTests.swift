import CausewayStore
import Foundation
import Glibc
import Testing

@Suite("The data folder")
struct DataFolderTests {
    private static func with(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "causeway-folder-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    private static func mode(_ path: String) throws -> Int? {
        (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
    }

    private static func write(_ path: String, mode: mode_t) throws {
        try Data("x".utf8).write(to: URL(filePath: path))
        chmod(path, mode)
    }

    @Test("the folder is created for its owner only, with the folders above it")
    func making() throws {
        try Self.with { base throws in
            let folder = try DataFolder(path: base + "/a/b")
            #expect(try Self.mode(base + "/a/b") == 0o700)
            #expect(folder.tightened.isEmpty)
        }
    }

    @Test(
        "files that others can read are closed to them, and the log says so",
        arguments: [
            "causeway.db", "causeway.db-wal", "causeway.db-shm", "secret.key", "causeway.yaml", "causeway.lock",
        ],
        [0o644, 0o660, 0o604, 0o666]
    )
    func tightening(_ file: String, _ mode: Int) throws {
        try Self.with { base throws in
            chmod(base, 0o700)
            try Self.write("\(base)/\(file)", mode: mode_t(mode))
            let folder = try DataFolder(path: base)
            #expect(try Self.mode("\(base)/\(file)") == 0o600)
            #expect(folder.tightened == ["Other users could read \(base)/\(file); its mode is 0600 now."])
            #expect(try DataFolder(path: base).tightened.isEmpty)
        }
    }

    @Test("a folder that others can enter is closed to them", arguments: [0o755, 0o750, 0o701, 0o777, 0o770])
    func tighteningFolder(_ mode: Int) throws {
        try Self.with { base throws in
            chmod(base, mode_t(mode))
            #expect(try DataFolder(path: base).tightened.count == 1)
            #expect(try Self.mode(base) == 0o700)
        }
    }

    @Test("a file instead of the folder is refused")
    func file() throws {
        try Self.with { base throws in
            try Self.write(base + "/file", mode: 0o600)
            let error = #expect(throws: StoreError.self) { try DataFolder(path: base + "/file") }
            #expect(error?.message.contains("is a file, not a folder") == true)
            let below = #expect(throws: StoreError.self) { try DataFolder(path: base + "/file/inside") }
            #expect(below?.message.contains("cannot be created") == true)
        }
    }

    @Test("an own symbolic link is followed, and its target is closed to others")
    func link() throws {
        try Self.with { base throws in
            mkdir(base + "/real", 0o755)
            chmod(base + "/real", 0o755)
            symlink(base + "/real", base + "/link")
            _ = try DataFolder(path: base + "/link")
            #expect(try Self.mode(base + "/real") == 0o700)
        }
    }

    /// Only root can change the owner of a folder.
    @Test("a folder or link that belongs to someone else is refused", .enabled(if: geteuid() == 0))
    func foreign() throws {
        try Self.with { base throws in
            mkdir(base + "/theirs", 0o700)
            chown(base + "/theirs", 65534, 65534)
            let error = #expect(throws: StoreError.self) { try DataFolder(path: base + "/theirs") }
            #expect(error?.message.contains("belongs to user") == true)
            mkdir(base + "/ours", 0o700)
            symlink(base + "/ours", base + "/link")
            lchown(base + "/link", 65534, 65534)
            let linked = #expect(throws: StoreError.self) { try DataFolder(path: base + "/link") }
            #expect(linked?.message.contains("symbolic link") == true)
        }
    }

    @Test("one server at a time holds the folder, and the next one gets an error that names it")
    func lock() throws {
        try Self.with { base throws in
            let folder = try DataFolder(path: base)
            var first: FolderLock? = try FolderLock(folder)
            let error = #expect(throws: StoreError.self) { try FolderLock(folder) }
            #expect(error?.code == .locked && error?.message.contains("process \(getpid())") == true)
            try first?.publish("http://127.0.0.1:9000", in: folder)
            #expect(FolderLock.address(in: folder) == "http://127.0.0.1:9000")
            first = nil
            // The file still names this process, which is alive.
            #expect(FolderLock.address(in: folder) == nil)
            _ = try FolderLock(folder)
        }
    }
}
