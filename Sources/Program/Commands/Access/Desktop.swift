import CausewayStore
import Foundation

/// The desktop of this session, which can open a browser.
struct Desktop {
    private let opener: URL

    /// Nil if there is no desktop, or nothing that opens a browser (freedesktop.org's `xdg-open`).
    init?(environment: [String: String]) {
        let displays = [environment["DISPLAY"], environment["WAYLAND_DISPLAY"]]
        guard displays.contains(where: { $0?.isEmpty == false }) else { return nil }
        let folders = (environment["PATH"] ?? "").split(separator: ":").filter { $0.hasPrefix("/") }
        let candidates = folders.map { URL(filePath: String($0)).appending(path: "xdg-open") }
        guard let found = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) }) else {
            return nil
        }
        opener = found
    }

    /// Opens a link through a file that only this user can read: every user of the machine can see the arguments of a program.
    ///
    /// - Returns: whether a browser was asked.
    func open(_ link: String, through folder: DataFolder) throws -> Bool {
        let file = URL(filePath: folder.path).appending(path: "open.html")
        try? FileManager.default.removeItem(at: file)
        let isWritten = FileManager.default.createFile(
            atPath: file.path,
            contents: Data(Self.page(leadingTo: link).utf8),
            attributes: [.posixPermissions: 0o600]
        )
        guard isWritten else { return false }
        let process = Process()
        process.executableURL = opener
        process.arguments = [file.absoluteString]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { return false }
        return true
    }

    private static func page(leadingTo link: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="referrer" content="no-referrer">
        <meta http-equiv="refresh" content="0; url=\(link)">
        <title>Causeway</title>
        <p><a href="\(link)">Sign in to Causeway</a></p>
        </html>

        """
    }
}
