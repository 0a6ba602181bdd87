package com.cloudbees.groovy.cps

import java.lang.annotation.Retention
import java.lang.annotation.RetentionPolicy

/** Stands for Jenkins' own annotation of the same name: methods that are not saved with a build. */
@Retention(RetentionPolicy.RUNTIME)
@interface NonCPS {
}
