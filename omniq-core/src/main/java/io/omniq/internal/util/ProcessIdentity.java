/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.util;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** Who this process is, for people who read heartbeats. */
public final class ProcessIdentity {
    private static final int MOST_HOST = 60;

    private ProcessIdentity() {}

    /** {@return this host's name, or {@code unknown-host}} */
    public static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown-host"; // a name for people only; ids do not depend on it
        }
    }

    /** {@return this process's id} */
    public static long pid() {
        return ProcessHandle.current().pid();
    }

    /**
     * A worker id never used before: host, process id and eight random digits.
     *
     * @param random the source of randomness
     * @return the id
     */
    public static String workerId(RandomGenerator random) {
        String host = host().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]", "-");
        String shortened = host.length() > MOST_HOST ? host.substring(0, MOST_HOST) : host;
        return shortened + "-" + pid() + "-" + HexFormat.of().toHexDigits(random.nextInt());
    }

    /** {@return the version of this library, or {@code dev} when it does not run from its jar} */
    public static String version() {
        String version = ProcessIdentity.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
