package import Foundation

/// Where the running program is, and what was installed with it: other programs, and a folder of resources for each module, as SwiftPM
/// lays them out.
package enum Installation {
    /// The folder of the executable.
    package static var folder: URL {
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    }

    /// A program in that folder.
    package static func program(_ name: String) -> URL { folder.appending(path: name) }

    /// The folder of a module's resources.
    ///
    /// - Parameter folder: where the folders of resources are; nil for the folder of the executable.
    package static func resources(of module: String, in folder: URL? = nil) -> URL {
        (folder ?? Self.folder).appending(path: "Causeway_\(module).resources/Resources")
    }

    /// A file or folder of a module's resources.
    ///
    /// - Parameter folder: where the folders of resources are; nil for the folder of the executable.
    package static func resource(_ path: String, of module: String, in folder: URL? = nil) -> URL {
        resources(of: module, in: folder).appending(path: path)
    }

    /// A file that the build generated for a module.
    ///
    /// - Parameter folder: where the folders of resources are; nil for the folder of the executable.
    package static func generated(_ name: String, of module: String, in folder: URL? = nil) -> URL {
        (folder ?? Self.folder).appending(path: "Causeway_\(module).resources").appending(path: name)
    }
}
