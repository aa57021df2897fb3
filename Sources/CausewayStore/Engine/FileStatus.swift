import Foundation

/// What the kernel knows of a file.
struct FileStatus {
    private let status: stat

    /// nil if the file does not exist or cannot be reached.
    init?(of path: String, followingLinks: Bool = true) {
        var status = stat()
        guard (followingLinks ? stat(path, &status) : lstat(path, &status)) == 0 else { return nil }
        self.status = status
    }

    var mode: mode_t { status.st_mode & 0o7777 }
    var owner: uid_t { status.st_uid }
    var size: Int64 { Int64(status.st_size) }
    /// What it has in common with all its other names, and with no other file.
    var identity: String { "\(status.st_dev)/\(status.st_ino)" }
    var isFolder: Bool { status.st_mode & S_IFMT == S_IFDIR }
    var isFile: Bool { status.st_mode & S_IFMT == S_IFREG }
    var isLink: Bool { status.st_mode & S_IFMT == S_IFLNK }
    /// Whether the group or everybody may do anything with it.
    var isOpenToOthers: Bool { mode & 0o077 != 0 }
}

/// The system's message about its latest refusal.
enum SystemError {
    static var text: String { text(errno) }

    static func text(_ code: Int32) -> String { String(cString: strerror(code)) }
}
